import { randomUUIDv7 } from "bun";
import { UsageError } from "../exit.ts";
import { sayEnded, sendWaiting } from "../queue/send-waiting.ts";
import { forgetWrite, type Kept, listKept, retryWrite } from "../queue/waiting.ts";
import { printable } from "../terminal/printable.ts";
import type { Run } from "./command.ts";

export async function queue(run: Run): Promise<void> {
  const { store, client, screen, given } = run;
  const [what, word] = given.words;
  const kept = listKept(store, client.account.key);
  if ((what === "drop" || what === "retry") === (word === undefined))
    throw new UsageError(
      word === undefined ? `${what} which one? carillon queue shows the numbers.` : `"${word}" is one word too many.`,
    );
  if (what === "drop") {
    const { seq, write } = numbered(kept, word);
    await store.alone(async () => forgetWrite(store, seq));
    return screen.line(`dropped ${printable(write.say)}`);
  }
  if (what === "retry") {
    const one = numbered(kept, word);
    await store.alone(async () => retryWrite(store, client.account.key, one, randomUUIDv7()));
  }
  if (what === "retry" || what === "send") {
    await sendWaiting(run, (write, outcome) => screen.note(sayEnded(write, outcome)));
    return;
  }
  if (screen.json)
    return screen.data(
      kept.map(({ state, reason, write: { id, at, say } }, index) => ({
        number: index + 1,
        id,
        at,
        say,
        state,
        reason,
      })),
    );
  for (const [index, { state, reason, write }] of kept.entries())
    await screen.line(`${index + 1}  ${state}  ${printable(write.say)}${reason ? `  ${printable(reason)}` : ""}`);
  if (kept.length === 0) screen.note("Nothing waits.");
}

function numbered(kept: readonly Kept[], word: string | undefined): Kept {
  const one = /^[1-9]\d{0,3}$/.test(word ?? "") ? kept[Number(word) - 1] : undefined;
  if (one) return one;
  throw new UsageError(`The queue has no number ${word}; carillon queue shows them.`);
}
