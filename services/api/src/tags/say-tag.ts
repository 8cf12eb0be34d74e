import type { EventType } from "@carillon/contracts/catalog";
import type { Change } from "../change/change.ts";
import { changesBetween } from "../change/event.ts";
import { type TagRow, toTag } from "./tag-row.ts";

/** Appends one `tag.*` event; returns the change number the tag's row must carry. */
export function sayTag(
  change: Change,
  type: Extract<EventType, `tag.${string}`>,
  before: TagRow | null,
  after: TagRow | null,
): number {
  const tag = after ?? before;
  if (!tag) throw new Error("A tag event needs a tag.");
  return change.say({
    type,
    entityId: tag.id,
    taskId: null,
    version: tag.version,
    changes: changesBetween(before && toTag(before), after && toTag(after), ["name", "color"]),
    more: { tag_id: tag.id, tag_data: toTag(tag) },
  });
}
