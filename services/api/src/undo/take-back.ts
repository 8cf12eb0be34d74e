import type { Undone } from "@carillon/contracts/http/batches";
import { Problem } from "@carillon/kit/service";
import { attempt } from "../change/attempt.ts";
import type { Change } from "../change/change.ts";
import { inBatch } from "../change/in-batch.ts";
import { newTagCourse, type TagCourse, undoTag } from "../tags/index.ts";
import { type Course, newCourse, type SoleEntry, undoMany, undoTask } from "../tasks/index.ts";
import type { Entry } from "./find-entries.ts";

type Outcome = {
  title: string | null;
  fields: string[];
  kept: (Omit<Undone["kept"][number], "title" | keyof Subject> & { taskId?: string })[];
};
type Subject = { task_id: string | null; tag_id: string | null };

/**
 * Takes the entries back, newest first, as one batch of its own; each for itself, so that what cannot go back leaves the others. Several of
 * one task or tag are one course: what they changed of each other is not a change since. What merely came of another change goes back with
 * that one.
 */
export async function takeBack(change: Change, entries: readonly Entry[]): Promise<Undone> {
  const batchId = change.newId();
  const batch = inBatch(change, batchId);
  const undone = new Map<string, Undone["undone"][number]>();
  const kept: Undone["kept"] = [];
  const named = new Set<string>();
  const together = togetherOf(entries);
  const many = await undoMany(batch, soleEntries(entries, together));
  for (const [taskId, title] of many)
    undone.set(taskId, { task_id: taskId, tag_id: null, title, fields: ["deleted_at"] });
  for (const entry of entries) {
    if (entry.taskId !== null && many.has(entry.taskId)) continue;
    const subject = { task_id: entry.taskId, tag_id: entry.tagId };
    const { title, fields, kept: stays } = await takeBackOne(batch, entry, together);
    const here = stays.map(({ taskId, ...stay }) =>
      taskId ? { task_id: taskId, tag_id: null, title, ...stay } : { ...subject, title, ...stay },
    );
    // What a newer entry of the course named already.
    kept.push(...here.filter((one) => !named.has(nameOf(one))));
    for (const one of here) named.add(nameOf(one));
    if (fields.length === 0) continue;
    const known = undone.get(subjectOf(entry))?.fields ?? [];
    undone.set(subjectOf(entry), { ...subject, title, fields: [...new Set([...known, ...fields])] });
  }
  return { batch_id: batchId, undone: [...undone.values()], kept };
}

const nameOf = ({ task_id, tag_id, field, reason }: Undone["kept"][number]): string =>
  [task_id ?? tag_id, field, reason].join(" ");

/** Fewer are taken back one by one. */
const minMany = 50;

/** Tasks with one entry of their own: reminders go with it. */
function soleEntries(entries: readonly Entry[], { tasks }: Together): SoleEntry[] {
  const sole = entries.flatMap((entry): SoleEntry[] => {
    const { taskId } = entry;
    return taskId !== null && tasks.get(taskId)?.entries.length === 1 ? [{ taskId, entry }] : [];
  });
  return sole.length < minMany ? [] : sole;
}

/** The courses of each task and each tag. */
type Together = { tasks: Map<string, Course>; tags: Map<string, TagCourse> };

const subjectOf = ({ taskId, tagId }: Entry): string => taskId ?? tagId ?? "";

function togetherOf(entries: readonly Entry[]): Together {
  const of = (kind: string) => [
    ...Map.groupBy(
      entries.filter(({ action }) => action.startsWith(kind)),
      subjectOf,
    ),
  ];
  const made = entries.flatMap(({ action, taskId }) => (action === "task.created" && taskId !== null ? [taskId] : []));
  return {
    tasks: new Map(of("task.").map(([id, own]) => [id, newCourse(own)])),
    tags: new Map(of("tag.").map(([id, own]) => [id, newTagCourse(own, made)])),
  };
}

async function takeBackOne(change: Change, entry: Entry, { tasks, tags }: Together): Promise<Outcome> {
  const { taskId, tagId, action } = entry;
  const work = async (one: Change): Promise<Outcome> => {
    const course = action.startsWith("task.") && tasks.get(taskId ?? "");
    if (taskId !== null && course) return undoTask(one, taskId, entry, course);
    const ofTag = action.startsWith("tag.") && tags.get(tagId ?? "");
    if (tagId !== null && ofTag) return undoTag(one, tagId, entry, ofTag);
    return { title: null, fields: [], kept: [{ field: null, reason: "consequence" }] };
  };
  const outcome = await attempt(change, work);
  if (!(outcome instanceof Problem)) return outcome;
  return { title: null, fields: [], kept: [{ field: null, reason: outcome.code === "conflict" ? "full" : "gone" }] };
}
