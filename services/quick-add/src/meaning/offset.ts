import type { Bound } from "../grammar.ts";

/** A reminder's offset in milliseconds as `before` writes it: whole hours as hours. */
export function offset(milliseconds: number): Partial<Bound> | null {
  const minutes = milliseconds / 60_000;
  if (!Number.isInteger(minutes) || minutes < 0) return null;
  return { befores: [minutes > 0 && minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`] };
}

/** The same in days or weeks; months and years are no offset. */
export function offsetIn(amount: number, { unit, times }: Bound["unit"]): Partial<Bound> | null {
  if (!Number.isInteger(amount) || unit === "month" || unit === "year") return null;
  return { befores: [`${amount * times}${unit === "day" ? "d" : "w"}`] };
}
