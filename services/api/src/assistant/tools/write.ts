import { spokenDate } from "@carillon/calendar/formats";
import { Problem } from "@carillon/kit/service";
import { type Change, change } from "../../change/change.ts";
import { inBatch } from "../../change/in-batch.ts";
import { loadTask, type TaskState } from "../../tasks/index.ts";
import { propose, useConsent } from "./consent.ts";
import { momentOf } from "./local-time.ts";
import { shownTask } from "./shown.ts";
import type { Asking, WriteAnswer } from "./tool.ts";
import { type Verb, wordsIn } from "./words.ts";

/** What a call changed, or would: `Completed “Report”`, and before it is done, `Complete “Report”`. */
export type Written = {
  verb: Verb;
  what: string;
  notes?: string[];
  states?: TaskState[];
  tags?: { id: string; name: string; color: string }[];
};

export type WriteInput = { dry_run?: boolean; consent?: string; ids?: readonly string[] };

export type Write = {
  tool: string;
  /** It takes something away: it asks first even for one. */
  isRemoval?: boolean;
  /** How many tasks it changes, where its ids do not say. */
  changes?: number;
  work: (change: Change) => Promise<Written>;
};

/** More tasks than this are changed only after a yes. */
const maxUnasked = 3;

/** Verbs look for conditions in the headers of a request; a tool sets none. */
export const unconditional = new Request("http://localhost/");

/**
 * Does the work in one transaction as the user, tries it without a trace (`dry_run`), or proposes it where it takes a yes. A proposal has
 * been tried: what cannot be done is refused before the user is asked.
 */
export async function write(asking: Asking, input: WriteInput, given: Write): Promise<WriteAnswer> {
  const { tool, isRemoval, work } = given;
  const { deps, userId, by } = asking;
  const author = { userId, actor: "assistant" as const, via: `${by.kind} ${by.id}` };
  const { dry_run: isDryRun = false, consent, ...rest } = input;
  const call = { tool, input: rest };
  const changed = given.changes ?? new Set(input.ids ?? []).size;
  const isUnasked = asking.isAskedFor?.(tool, Math.max(1, changed)) === false;
  const asks = isRemoval === true || changed > maxUnasked || isUnasked;
  if (!isDryRun && (consent !== undefined || !asks)) {
    // A conversation is taken back as a whole, a program's call and an undoing each by itself.
    const batchId = by.kind === "conversation" && tool !== "undo" ? by.id : deps.newId();
    const done = await change(deps, author, async (current) => {
      if (consent !== undefined) await useConsent(deps, current, by, consent, call);
      return { written: await work(inBatch(current, batchId)), audit_ids: current.eventIds() };
    });
    const batch_id = done.audit_ids.length > 0 ? batchId : null;
    return toAnswer(asking, done.written, { done: true, audit_ids: done.audit_ids, batch_id });
  }
  const written = await rehearse(asking, author, work);
  const { reader } = asking;
  const answer = toAnswer(asking, written, { done: false, dry_run: isDryRun });
  if (isDryRun) return answer;
  const changes = answer.tasks.map(({ id, title, due_local }) => ({
    task_id: id,
    text: due_local === null ? title : `${title} (${spokenDate(due_local, reader, reader.language)})`,
  }));
  const taken = answer.tags.map(({ name }) => ({ task_id: null, text: `#${name}` }));
  const proposal = await propose(asking, call, { summary: answer.summary, changes: [...changes, ...taken] });
  return { ...answer, proposal };
}

/** Carries the result of a try out of its transaction, which is rolled back. */
class Tried extends Error {
  constructor(readonly written: Written) {
    super("tried");
  }
}

async function rehearse({ deps }: Asking, author: Parameters<typeof change>[1], work: Write["work"]): Promise<Written> {
  try {
    return await change(deps, author, async (current): Promise<Written> => {
      throw new Tried(await work(current));
    });
  } catch (error) {
    if (error instanceof Tried) return error.written;
    throw error;
  }
}

function toAnswer(
  { deps, timeZone, reader }: Asking,
  { verb, what, notes = [], states = [], tags = [] }: Written,
  outcome: { done: boolean; dry_run?: boolean; audit_ids?: string[]; batch_id?: string | null },
): WriteAnswer {
  const now = deps.clock.now();
  return {
    now: momentOf(now, timeZone),
    dry_run: false,
    audit_ids: [],
    batch_id: null,
    ...outcome,
    summary: `${wordsIn(reader.language)[outcome.done ? "did" : "would"][verb]} ${what}.`,
    notes,
    tasks: states.map((state) => shownTask(state, now)),
    tags,
    proposal: null,
  };
}

/** The verb on each of the tasks, in one transaction: all or none. @throws Problem 404 naming the id that is none of the user's. */
export async function onEach<Result>(ids: readonly string[], verb: (id: string) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const id of new Set(ids)) {
    try {
      results.push(await verb(id));
    } catch (error) {
      if (error instanceof Problem && error.code === "not_found")
        throw new Problem("not_found", `There is no task ${id} here. Find ids with list_tasks or search_tasks.`);
      throw error;
    }
  }
  return results;
}

/** The state of the task after a verb that answers none. */
export const stateNow = ({ tx, userId }: Change, id: string): Promise<TaskState> => loadTask(tx, userId, id, "any");
