import type { Imported, Translated } from "@carillon/contracts/http/transfer";
import { type ImportFile, maxNamed } from "./item.ts";
import type { ImportPlan } from "./plan-import.ts";

/** The rules of a file as they were understood: all counted, the first ones shown. */
export function translatedRules(
  { items }: ImportFile,
  { states }: ImportPlan,
): Pick<Imported, "repeating" | "recurrences"> {
  const repeating = items.filter((item) => states.get(item)?.row.rrule);
  const recurrences = repeating.slice(0, maxNamed).flatMap((item): Translated[] => {
    const row = states.get(item)?.row;
    if (!row?.rrule) return [];
    return [
      {
        row: item.row,
        title: row.title,
        source: item.rule ?? row.recurring_pattern ?? "",
        rrule: row.rrule,
        text: row.rrule_text ?? "",
        due_date: row.due_at?.toISOString() ?? null,
      },
    ];
  });
  return { repeating: repeating.length, recurrences };
}
