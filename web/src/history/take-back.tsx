import type { AuditEntry } from "@carillon/contracts/http/audit";
import type { Undone } from "@carillon/contracts/http/batches";
import { Problem } from "@carillon/kit/service";
import { quote } from "../door/flash.ts";
import { localPath } from "../door/form.ts";
import { html } from "../door/respond.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { Html } from "../ui/html.ts";
import { Toast } from "../ui/toast.tsx";

/** Pages of history that are searched for the next change to take back. */
const maxPages = 4;

const backOf = (visit: Visit): string => localPath(visit.url.searchParams.get("back"), "/today");

/**
 * `POST /undo`: takes back the visitor's newest change, of any age. `skip` names entries and batches that this browser has taken back
 * already, and what doing so has written: the next one goes further back.
 */
export async function takeBackLast(visit: Visit): Promise<Response> {
  const skip = new Set(visit.form.getAll("skip"));
  const entry = await newestOf(visit, skip);
  if (entry === null) return say(visit, "There is nothing more to take back.", []);
  const undone = await revert(visit, entry).catch((error: unknown) =>
    error instanceof Problem && error.code === "not_found" ? null : Promise.reject(error),
  );
  const passed = [entry.id, ...(entry.batch_id ? [entry.batch_id] : []), ...(undone ? [undone.batch_id] : [])];
  return say(visit, undone ? wordsOf(undone) : "That change is too old to be taken back.", passed);
}

/** `POST /history/{id}/undo`: takes back one change of a history, where nothing changed it since. */
export async function takeBackEntry(visit: Visit): Promise<Response> {
  const undone = await visit.api.revertEntry(visit.params.id ?? "");
  return seeOtherWith(backOf(visit), { text: wordsOf(undone) }, visit);
}

/** With all that was changed together with it. */
const revert = async ({ api }: Visit, { id, batch_id }: AuditEntry): Promise<Undone> =>
  batch_id ? api.undoBatch(batch_id) : api.revertEntry(id);

/** What a user does by hand; what follows from it goes back with it. */
const isOwn = ({ action }: AuditEntry): boolean => /^(task\.(?!purged)|tag\.)/.test(action);

async function newestOf({ api }: Visit, skip: ReadonlySet<string>): Promise<AuditEntry | null> {
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page++) {
    const { data, next_cursor } = await api.listAudit({ actor: "user", limit: 50, ...(cursor ? { cursor } : {}) });
    const found = data.find((entry) => isOwn(entry) && !skip.has(entry.id) && !skip.has(entry.batch_id ?? ""));
    if (found) return found;
    if (next_cursor === null) return null;
    cursor = next_cursor;
  }
  return null;
}

function wordsOf({ undone, kept }: Undone): string {
  const names = [...new Set(undone.map(({ title }) => title).filter((title) => title !== null))];
  const [first] = names;
  const others = names.length > 1 ? ` and ${names.length - 1} more` : "";
  const done = first === undefined ? (undone.length > 0 ? "Taken back." : "") : `Taken back: ${quote(first)}${others}.`;
  const stays = kept.find(({ reason }) => reason !== "consequence");
  const rest = stays ? ` ${quote(stays.title ?? "One task")} was changed since and stays as it is.` : "";
  return `${done}${rest}`.trim() || "Nothing was left to take back of that change.";
}

async function say(visit: Visit, text: string, passed: readonly string[]): Promise<Response> {
  if (visit.part !== "act") return seeOtherWith(backOf(visit), { text }, visit);
  return html(
    <>
      <template data-read="list" data-passed={passed.join(" ")} />
      <hx-partial hx-target="#toasts" hx-swap="innerHTML">
        <Toast flash={{ text }} besideList />
      </hx-partial>
    </>,
  );
}
