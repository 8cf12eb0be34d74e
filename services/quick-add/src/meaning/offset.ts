import type { Bound } from "../grammar.ts";
import type { Meaning } from "./meaning.ts";

/** A reminder's offset in milliseconds as `before` writes it: whole hours as hours. */
export function offset(milliseconds: number): Partial<Bound> | null {
  const minutes = milliseconds / 60_000;
  if (!Number.isInteger(minutes) || minutes < 0) return null;
  return { befores: [minutes > 0 && minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`] };
}

/** "the day", "two weeks": days before the due date, where a time of day follows. */
export function daysBack(amount: number, { unit, times }: Bound["unit"]): Partial<Bound> | null {
  const days = amount * times * (unit === "week" ? 7 : 1);
  return Number.isInteger(days) && days <= 365 && unit !== "month" && unit !== "year" ? { back: days } : null;
}

/** The same in days or weeks; months and years are no offset. */
export function offsetIn(amount: number, { unit, times }: Bound["unit"]): Partial<Bound> | null {
  if (!Number.isInteger(amount) || unit === "month" || unit === "year") return null;
  return { befores: [`${amount * times}${unit === "day" ? "d" : "w"}`] };
}

/** "in 1 day and 2 hours": elapsed time. */
export function daysAndHours({ n, unit: { unit, times }, n2, span2 }: Bound): Meaning | null {
  if (!Number.isInteger(n) || n > 999 || unit === "month" || unit === "year") return null;
  return { kind: "elapsed", milliseconds: n * times * (unit === "week" ? 7 : 1) * 86_400_000 + n2 * span2 };
}
