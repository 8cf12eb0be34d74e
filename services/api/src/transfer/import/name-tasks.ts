import { occurrenceId } from "@carillon/calendar/recurrence";
import type { ImportSource } from "@carillon/contracts/http/transfer";
import { isUuid } from "@carillon/kit/http";
import type { Change } from "../../change/change.ts";
import type { ImportFile, ImportItem } from "./item.ts";
import { isOwnSource } from "./item.ts";

/** The id that a task of the file, or one that it refers to, has here. */
export type Names = { idOf(item: ImportItem): string; idOfOwn(fileId: string, item: ImportItem): string };

/**
 * Ids for all tasks of a file. A task of this user keeps its own; every other id is derived from the file's
 * and the user, so that the same file again finds the same tasks, and no file can name another user's. An id
 * that was removed for good is not used again: its versions are used.
 */
export async function nameTasks(change: Change, { source, items }: ImportFile): Promise<Names> {
  const { userId, newId } = change;
  const isOwn = isOwnSource(source);
  const own = isOwn
    ? items.flatMap(({ sourceId }) => (sourceId && isUuid(sourceId) ? sourceId.toLowerCase() : []))
    : [];
  const here = await whichAre(change, own);
  const parents = new Map(
    items.flatMap(({ sourceId, own: known }) => (sourceId && known?.parentId ? [[sourceId, known.parentId]] : [])),
  );
  const keeps = (id: string, item: ImportItem): boolean =>
    here.live.has(id) || (item.own?.userId === userId && !here.gone.has(id));
  const derived = new Map<string, string>();
  const idOfOwn = (fileId: string, item: ImportItem): string => {
    const id = fileId.toLowerCase();
    if (keeps(id, item)) return id;
    // A successor's id follows from the completed task's; chains are as long as a series.
    const chain: string[] = [];
    let at = id;
    for (let parent = parents.get(at); parent !== undefined && occurrenceId(parent) === at; parent = parents.get(at)) {
      if (derived.has(at)) break;
      chain.push(at);
      at = parent;
    }
    let found = derived.get(at) ?? (keeps(at, item) ? at : derivedId(source, at, userId));
    derived.set(at, found);
    for (const next of chain.reverse()) {
      found = occurrenceId(found);
      derived.set(next, found);
    }
    return found;
  };
  const counts = new Map<string, number>();
  const plain = new Map<ImportItem, string>();
  for (const item of items) {
    const name = item.sourceId ?? contentOf(item, counts);
    plain.set(
      item,
      isOwn && item.sourceId && isUuid(item.sourceId) ? idOfOwn(item.sourceId, item) : derivedId(source, name, userId),
    );
  }
  const { gone } = await whichAre(change, [...plain.values()]);
  const again = new Map([...gone].map((id) => [id, newId()]));
  const idOf = (id: string): string => again.get(id) ?? id;
  return {
    idOf: (item) => idOf(plain.get(item) ?? ""),
    idOfOwn: (fileId, item) => idOf(idOfOwn(fileId, item)),
  };
}

const derivedId = (source: ImportSource, name: string, userId: string): string =>
  Bun.randomUUIDv5(`${source} ${name}`, userId);

/** What identifies a row without an id: what it says, and for equal rows which of them it is. */
function contentOf({ body, completedAt }: ImportItem, counts: Map<string, number>): string {
  const content = JSON.stringify([body, completedAt]);
  const hash = new Bun.CryptoHasher("sha256").update(content).digest("hex");
  const nth = counts.get(hash) ?? 0;
  counts.set(hash, nth + 1);
  return `${hash} ${nth}`;
}

async function whichAre(
  { tx, userId }: Change,
  ids: readonly string[],
): Promise<{ live: Set<string>; gone: Set<string> }> {
  if (ids.length === 0) return { live: new Set<string>(), gone: new Set<string>() };
  const rows = await tx<{ id: string; live: boolean }[]>`
    select id, true as live from api.tasks where user_id = ${userId} and id = any(${[...ids]}::uuid[])
    union all select id, false from api.tombstones where user_id = ${userId} and type = 'task' and id = any(${[...ids]}::uuid[])`;
  const of = (live: boolean) => new Set(rows.filter((row) => row.live === live).map(({ id }) => id));
  const live = of(true);
  return { live, gone: of(false).difference(live) };
}
