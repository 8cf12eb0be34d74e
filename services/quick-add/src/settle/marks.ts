import type { UnderstoodFields } from "@carillon/contracts/http/quick-add";
import type { Item } from "../candidates.ts";
import type { Attempt } from "./attempt.ts";
import { Refusal } from "./verdict.ts";

const maxTags = 50;

/** Priority and tags. Two priorities are none. */
export function settleMarks({ items, worth, silence }: Attempt): Partial<Pick<UnderstoodFields, "priority" | "tags">> {
  const levels = items.flatMap((item) =>
    item.meaning.kind === "priority" ? [{ item, level: item.meaning.priority }] : [],
  );
  const [first] = levels;
  if (first !== undefined && levels.some(({ level }) => level !== first.level)) {
    throw new Refusal({ kind: "contradiction", items: levels.map(({ item }) => item), others: [] });
  }
  for (const { item, level } of levels) worth.set(item, { value: level });
  const names = new Map<string, string>();
  for (const item of items) {
    if (item.meaning.kind !== "tag") continue;
    const key = item.meaning.name.normalize("NFC").toLowerCase();
    if (names.size >= maxTags && !names.has(key)) {
      silence(item);
      continue;
    }
    if (!names.has(key)) names.set(key, item.meaning.name);
    worth.set(item, { value: names.get(key) ?? item.meaning.name });
  }
  return {
    ...(first === undefined ? {} : { priority: first.level }),
    ...(names.size === 0 ? {} : { tags: [...names.values()] }),
  };
}

/** Fillers that request a reminder at the due date. */
export const isCalled = ({ meaning }: Item): boolean =>
  (meaning.kind === "filler" && meaning.reminds) ||
  (meaning.kind === "reminder" && meaning.befores.length === 0 && meaning.day === null && meaning.time === null);
