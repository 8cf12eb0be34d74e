import { Failure } from "../exit.ts";
import type { Client } from "../http/client.ts";
import { noteTask } from "../kept/known-tasks.ts";
import { noteStep } from "../kept/steps.ts";
import type { Store } from "../kept/store.ts";
import type { World } from "../world.ts";
import { sendWrite } from "./send-write.ts";
import {
  countOf,
  forgetWrite,
  keepWrites,
  listKept,
  maxRefused,
  nextWaiting,
  refuseWrite,
  saveWrite,
} from "./waiting.ts";
import type { Outcome, Write } from "./write.ts";

type Around = { world: World; client: Client; store: Store };

type Ended = (write: Write, outcome: Outcome) => void;

/**
 * Sends what waits, in its order, until nothing does. What the product refuses is kept apart, unless `own` has it.
 * @throws Failure "later" or "signIn" when the first of them has to wait, and with it the rest.
 */
export async function sendWaiting(
  { world, client, store }: Around,
  ended: Ended,
  own?: ReadonlySet<string>,
): Promise<void> {
  const { key: account } = client.account;
  if (nextWaiting(store, account) === null) return;
  await store.alone(async () => {
    for (let next = nextWaiting(store, account); next; next = nextWaiting(store, account)) {
      const { seq, write } = next;
      if (countOf(store.db, account, "refused") >= maxRefused)
        throw new Failure("later", `${maxRefused} changes were refused; look at carillon queue before more are sent.`);
      const outcome = await sendWrite(client, write, {
        now: world.now,
        save: (changed) => saveWrite(store, seq, changed),
      });
      store.db.transaction(() => {
        if (outcome.kind === "done") {
          forgetWrite(store, seq);
          noteDone(store, account, write, outcome);
        } else if (own?.has(write.id)) forgetWrite(store, seq);
        else refuseWrite(store, seq, outcome.failure.message);
      })();
      ended(write, outcome);
    }
  });
}

function noteDone(
  store: Store,
  account: string,
  write: Write,
  { task, isUnchanged }: Outcome & { kind: "done" },
): void {
  if (task && "title" in task) noteTask(store, account, task);
  if (isUnchanged || write.path.endsWith("/undo") || write.path.endsWith("/revert")) return;
  const [, id] = /^\/api\/tasks\/([0-9a-f-]{36})/.exec(write.path) ?? [];
  const of = task?.id ?? id;
  if (of) noteStep(store, account, { say: write.say, task: of, version: task?.version ?? null });
}

/** The outcomes of these changes, in their order. @throws Failure when they have to wait, or cannot. */
export async function writeNow(
  around: Around,
  writes: readonly Write[],
  note: (line: string) => void,
): Promise<Outcome[]> {
  const { client, store } = around;
  const { key: account } = client.account;
  const own = new Set(writes.map(({ id }) => id));
  const outcomes = new Map<string, Outcome>();
  keepWrites(store, account, writes);
  try {
    await sendWaiting(
      around,
      (write, outcome) => {
        if (own.has(write.id)) outcomes.set(write.id, outcome);
        else note(sayEnded(write, outcome));
      },
      own,
    );
  } catch (error) {
    throw waits(error, store, writes.length - outcomes.size);
  }
  return writes.map(({ id }) => outcomes.get(id) ?? sentElsewhere(store, account, id));
}

/** Another carillon sent it with what waited before. */
function sentElsewhere(store: Store, account: string, id: string): Outcome {
  const kept = listKept(store, account).find(({ write }) => write.id === id);
  if (!kept) return { kind: "done", task: null, parsed: null, isUnchanged: false };
  forgetWrite(store, kept.seq);
  return { kind: "refused", failure: new Failure("failure", kept.reason ?? "It was refused.") };
}

function waits(error: unknown, store: Store, left: number): unknown {
  if (!(error instanceof Failure) || left === 0) return error;
  const what = left === 1 ? "The change is" : `${left} changes are`;
  const kept = store.isLasting
    ? `${what} kept and sent with the next command.`
    : `${what} lost: nothing can be kept here.`;
  return new Failure(error.exit, `${error.message} ${kept}`, error.problem);
}

/** What became of a change that waited. */
export const sayEnded = ({ say }: Write, outcome: Outcome): string =>
  outcome.kind === "done" ? `Sent: ${say}` : `Refused: ${say}: ${outcome.failure.message} (carillon queue)`;
