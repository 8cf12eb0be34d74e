import type { Item } from "../candidates.ts";
import type { Reference } from "../reference.ts";
import type { Writing } from "../writing.ts";
import type { Attempt } from "./attempt.ts";
import { settleMarks } from "./marks.ts";
import { settleReminders } from "./reminders.ts";
import { settleSchedule } from "./schedule.ts";
import { type Objection, Refusal, type Verdict, type Worth } from "./verdict.ts";

/** The resolved task. Bounded: each round drops at least one item. */
export function settle(all: readonly Item[], reference: Reference, writing: Writing): Verdict {
  const silent = new Set<Item>();
  const objections: Objection[] = [];
  const give = (objection: Objection): void => {
    objections.push(objection);
    for (const item of objection.items) silent.add(item);
  };
  const silence = (...items: readonly Item[]): void => {
    for (const item of items) silent.add(item);
  };
  for (const item of all) {
    if (item.meaning.kind === "fault") give({ kind: item.meaning.reason, items: [item], others: [] });
  }
  for (let round = 0; round <= all.length; round++) {
    const worth = new Map<Item, Worth>();
    const items = all.filter((item) => !silent.has(item));
    const attempt: Attempt = { items, reference, writing, worth, give, silence };
    try {
      const marks = settleMarks(attempt);
      const schedule = settleSchedule(attempt);
      const reminders = settleReminders(attempt, schedule);
      if (silent.size + items.length > all.length) continue;
      return { fields: { ...schedule.fields, ...marks, ...reminders }, worth, objections, silent };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      give(error.objection);
      silence(...error.alsoSilent);
    }
  }
  return { fields: {}, worth: new Map(), objections, silent: new Set(all) };
}
