import { printableJson, type Report, report, table } from "../report.ts";
import type { DeadLetter, LetterBox } from "./letter-box.ts";

/** Further ones are counted, not shown: that many have one cause. */
const shown = 500;
/** Maximum dead letters of one `replay --all`. */
const replayedAtOnce = 10_000;

/** The dead letters that wait for a decision (all of them with `all`), oldest first, each with its consumer's note. */
export async function listDeadLetters(box: LetterBox, { limit = shown, all = false } = {}): Promise<Report> {
  const { count, complete, letters } = await box.list({ limit, all });
  const rows = letters.map((one) => [
    one.id,
    one.parked_at,
    one.topic,
    typeOf(one.event),
    one.event_id ?? "–",
    triesOf(one),
    ...(all ? [one.settled ?? "waits"] : []),
    errorOf(one),
  ]);
  const names = ["id", "parked", "topic", "type", "event", "tries", ...(all ? ["state"] : []), "last error"];
  const lines = count === 0 ? ["No dead letters."] : table(names, rows);
  if (count > letters.length) lines.push(`… and ${count - letters.length} more.`);
  if (!complete) lines.push("… and more; --limit shows them.");
  return report(lines, { count, complete, dead_letters: letters.map(({ event: _, ...rest }) => rest) });
}

/** One dead letter with its whole event. Exit 1 when there is none. */
export async function showDeadLetter(box: LetterBox, id: string): Promise<Report> {
  const letters = await box.find(id);
  if (letters.length === 0) return unknown(id);
  const lines = letters.flatMap(({ event, note, ...letter }) => [
    ...table(
      ["field", "value"],
      Object.entries({ ...letter, "noted tries": note?.attempts, "last error": note?.last_error }).map(
        ([name, value]) => [name, String(value ?? "–")],
      ),
    ).slice(1),
    printableJson(event),
  ]);
  return report(lines, letters);
}

export type ReplayWish = { dryRun: boolean; limit?: number };

/**
 * Delivers dead letters to their consumers again, oldest first; a consumer knows the event's id and
 * applies it once. Reports the result of each. Exit 1 when one could not be handled, came back or
 * still waits, or when the named one has nothing left to do.
 */
export async function replayDeadLetters(box: LetterBox, id: string | "all", wish: ReplayWish): Promise<Report> {
  const { dryRun, limit = replayedAtOnce } = wish;
  const page = id === "all" ? await box.list({ limit, all: false }) : null;
  const wanted = page?.letters ?? (await box.find(id));
  if (page === null && wanted.length === 0) return unknown(id);
  const { replayed, waiting, failed } = await replay(box, wanted, dryRun);
  const data = { dry_run: dryRun, replayed, waiting, failed };
  const nothing = replayed.length + waiting.length + failed.length === 0;
  if (page === null && nothing) return report([`${id} was ${settledAs(wanted)} already.`], data, 1);
  const lines = failed.map((one) => `${one.id} stays: ${one.reason}`);
  lines.push(`${dryRun ? "Would replay" : "Replayed"} ${events(replayed.length)}.`);
  if (waiting.length > 0)
    lines.push(`${events(waiting.length)} on the way, not handled yet; \`dlq list\` shows what comes back.`);
  if (page && (!page.complete || page.count > wanted.length)) lines.push("More remain; run the command again.");
  return report(lines, data, failed.length + waiting.length === 0 ? 0 : 1);
}

type Replayed = { replayed: string[]; waiting: string[]; failed: { id: string; reason: string }[] };

async function replay(box: LetterBox, wanted: readonly DeadLetter[], dryRun: boolean): Promise<Replayed> {
  const result: Replayed = { replayed: [], waiting: [], failed: [] };
  const possible: DeadLetter[] = [];
  for (const letter of wanted.filter(({ settled }) => settled === null)) {
    const obstacle = box.obstacle(letter);
    if (obstacle === null) possible.push(letter);
    else result.failed.push({ id: letter.id, reason: obstacle });
  }
  if (dryRun) return { ...result, replayed: possible.map((letter) => letter.id) };
  const outcomes = await box.replay(possible);
  for (const { id } of possible) {
    const outcome = outcomes.get(id) ?? { kind: "waiting" };
    if (outcome.kind === "replayed") result.replayed.push(id);
    if (outcome.kind === "waiting") result.waiting.push(id);
    if (outcome.kind === "failed") result.failed.push({ id, reason: outcome.reason });
  }
  return result;
}

/** Discards a dead letter permanently. Exit 1 when none waits. */
export async function dropDeadLetter(box: LetterBox, id: string, dryRun: boolean): Promise<Report> {
  const letters = await box.find(id);
  if (letters.length === 0) return unknown(id);
  const waiting = letters.filter(({ settled }) => settled !== "dropped");
  const dropped = waiting.map((letter) => letter.id);
  if (!dryRun) for (const letter of waiting) await box.drop(letter);
  const data = { dry_run: dryRun, dropped };
  if (dropped.length === 0) return report([`${id} was dropped already.`], data, 1);
  return report([`${dryRun ? "Would drop" : "Dropped"} ${events(dropped.length)}.`], data);
}

const triesOf = ({ note, attempts }: DeadLetter): string => String(note?.attempts ?? attempts);
const errorOf = ({ note, reason }: DeadLetter): string => note?.last_error ?? reason;
const typeOf = (event: unknown): string =>
  typeof event === "object" && event !== null && "type" in event ? String(event.type) : "?";
const settledAs = (letters: readonly DeadLetter[]): string =>
  letters.find(({ settled }) => settled)?.settled ?? "settled";
const events = (count: number): string => `${count} ${count === 1 ? "event" : "events"}`;
const unknown = (id: string): Report => report([`There is no dead letter ${id}.`], { error: "not_found", id }, 1);
