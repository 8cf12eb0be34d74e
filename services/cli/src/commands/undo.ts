import type { AuditEntry, AuditPage } from "@carillon/contracts/http/audit";
import type { KeptReason, Undone } from "@carillon/contracts/http/batches";
import { Failure } from "../exit.ts";
import { findTask } from "../kept/known-tasks.ts";
import { forgetStep, lastStep, type OfTask, type Step } from "../kept/steps.ts";
import { printable } from "../terminal/printable.ts";
import { change, type Run } from "./command.ts";

/** The history is written beside the task, usually within a second. */
const maxLooks = 20;
const lookEveryMs = 500;

export async function undo(run: Run): Promise<void> {
  const [word] = run.given.words;
  const last = word === undefined ? lastStep(run.store, run.client.account.key) : null;
  if (word === undefined && last === null)
    throw new Failure("notFound", "This machine has changed nothing that could be taken back.");
  const step: Step = last?.step ?? {
    say: "the last change",
    task: await findTask(run.client, run.store, word ?? ""),
    version: null,
  };
  const path = "batch" in step ? `/api/batches/${step.batch}/undo` : await pathOf(run, step, last !== null);
  const [outcome] = await change(run, [{ say: `take back: ${step.say}`, method: "POST", path }]);
  if (last) forgetStep(run.store, last.seq);
  // The answer to these two paths.
  const undone = outcome?.task as unknown as Undone | null;
  if (undone === null || undone === undefined) return;
  if (run.screen.json) return run.screen.data(undone);
  await sayUndone(run, step, undone);
}

async function pathOf(run: Run, step: OfTask, isOwn: boolean): Promise<string> {
  const isIt = ({ action, version }: AuditEntry): boolean =>
    step.version === null
      ? isOwn
        ? action === "task.deleted"
        : action.startsWith("task.")
      : action.startsWith("task.") && version === step.version;
  for (let look = 0; look < maxLooks; look++) {
    const { data } = await run.client.json<AuditPage>(`/api/tasks/${step.task}/history`, { query: { limit: 20 } });
    const entry = data.find(isIt);
    if (entry) return `/api/audit/${entry.id}/revert`;
    await run.world.sleep(lookEveryMs);
  }
  throw new Failure("later", "The history does not show the change yet; try again in a moment.");
}

const reasons: Record<KeptReason, string> = {
  changed: "it was changed since",
  trashed: "the task is in the trash",
  gone: "it is gone for good",
  completed: "the task was completed since",
  taken: "another tag has the name",
  consequence: "it came of another change, and goes with that",
  full: "there is no room for it",
};

/** @throws Failure "conflict" when nothing could go back. */
async function sayUndone({ screen }: Run, { say }: Step, { undone, kept }: Undone): Promise<void> {
  const stays = kept.map(
    ({ title, field, reason }) => `${[title, field].filter(Boolean).join(", ") || "a change"}: ${reasons[reason]}`,
  );
  if (undone.length === 0 && kept.length > 0)
    throw new Failure("conflict", `Nothing was taken back. ${stays.join("; ")}.`);
  const word = undone.length === 0 ? "as it was already" : "taken back";
  await screen.line(`${screen.paint("green", word)} ${printable(say)}`);
  for (const one of stays) screen.note(`stays: ${one}`);
}
