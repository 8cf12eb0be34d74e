import type { Bound } from "../grammar.ts";
import { every, type Frequency, type Rule } from "./rule.ts";

/** A group's reading as a rule; null where the bound words make none. */
export const rule = (make: (bound: Bound) => Rule | null) => (bound: Bound) => {
  const made = make(bound);
  return made === null ? null : { rule: bound.completion ? { ...made, fromCompletion: true } : made };
};

/** A reading that adds to the rule of another group. */
export const parts = (make: (bound: Bound) => Partial<Rule> | null) => (bound: Bound) => {
  const made = make(bound);
  return made === null ? null : { parts: made };
};

const frequencies = { day: "DAILY", week: "WEEKLY", month: "MONTHLY", year: "YEARLY" } as const;

/** Every n-th of the bound unit, n at most 999. */
export const each =
  (howOften: (bound: Bound) => number) =>
  (bound: Bound): Rule | null => {
    const { unit, times } = bound.unit;
    const interval = howOften(bound) * times;
    return Number.isInteger(interval) && interval <= 999 ? every(frequencies[unit], interval) : null;
  };

export const often = (frequency: Frequency, interval = 1) => rule(() => every(frequency, interval));
