import type { Undone } from "@carillon/contracts/http/batches";
import { Problem } from "@carillon/kit/service";
import { attempt } from "../change/attempt.ts";
import type { Change } from "../change/change.ts";
import { inBatch } from "../change/in-batch.ts";
import { undoTag } from "../tags/index.ts";
import { undoTask } from "../tasks/index.ts";
import type { Entry } from "./find-entries.ts";

type Outcome = {
  title: string | null;
  fields: string[];
  kept: (Omit<Undone["kept"][number], "title" | keyof Subject> & { taskId?: string })[];
};
type Subject = { task_id: string | null; tag_id: string | null };

/**
 * Takes the entries back, newest first, as one batch of its own; each for itself, so that what cannot go back leaves the others. What merely
 * came of another change goes back with that one.
 */
export async function takeBack(change: Change, entries: readonly Entry[]): Promise<Undone> {
  const batchId = change.newId();
  const batch = inBatch(change, batchId);
  const undone = new Map<string, Undone["undone"][number]>();
  const kept: Undone["kept"] = [];
  for (const entry of entries) {
    const subject = { task_id: entry.taskId, tag_id: entry.tagId };
    const { title, fields, kept: stays } = await takeBackOne(batch, entry);
    for (const { taskId, ...stay } of stays)
      kept.push(taskId ? { task_id: taskId, tag_id: null, title, ...stay } : { ...subject, title, ...stay });
    if (fields.length === 0) continue;
    const key = entry.taskId ?? entry.tagId ?? "";
    const known = undone.get(key)?.fields ?? [];
    undone.set(key, { ...subject, title, fields: [...new Set([...known, ...fields])] });
  }
  return { batch_id: batchId, undone: [...undone.values()], kept };
}

async function takeBackOne(change: Change, entry: Entry): Promise<Outcome> {
  const { taskId, tagId, action } = entry;
  const work = async (one: Change): Promise<Outcome> => {
    if (taskId !== null && action.startsWith("task.")) return undoTask(one, taskId, entry);
    if (tagId !== null && action.startsWith("tag.")) return undoTag(one, tagId, entry);
    return { title: null, fields: [], kept: [{ field: null, reason: "consequence" }] };
  };
  const outcome = await attempt(change, work);
  if (!(outcome instanceof Problem)) return outcome;
  return { title: null, fields: [], kept: [{ field: null, reason: outcome.code === "conflict" ? "full" : "gone" }] };
}
