import { MissingPage } from "@carillon/contracts/http/occurrences";
import { retryFor } from "@carillon/events/consume";
import { decode } from "@carillon/kit/http";
import { createLoop } from "@carillon/kit/loop";
import { inSpan } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { type SettleDeps, settleCompletion } from "./settle-completion.ts";

export type SweepDeps = SettleDeps & { state: State };

const everyMs = 10_000;
const pageSize = 50;
const mostPages = 40;
const callMs = 3_000;
/** Longer than the longest round: all its pages, and a call for each completion. */
const maxTurnMs = 600_000;

/**
 * The sweep's position: a cursor of api's list, null at its start. Completions that cannot be settled
 * are skipped and met again in the next round.
 */
export const watermarkKey = "recurring:sweep";
type Watermark = { cursor: string | null };

export type Swept = { settled: number; failed: number };

/**
 * Every 10 s settles the completions without a successor, whose events were lost or given up. Safe in
 * several replicas, because settling is idempotent.
 */
export function startSweep(deps: SweepDeps): { stop(): Promise<void> } {
  const work = async (signal: AbortSignal): Promise<number> => {
    await sweepAndTell(deps, signal);
    return everyMs;
  };
  const { log } = deps;
  const name = "sweeping completions";
  const loop = createLoop({ name, service: "recurring", log, firstAfterMs: everyMs, maxTurnMs, work });
  loop.start();
  return { stop: () => loop.stop() };
}

async function sweepAndTell(deps: SweepDeps, signal: AbortSignal): Promise<void> {
  const { settled, failed } = await inSpan(
    { name: "sweep completions", kind: "internal", parent: null, service: "recurring" },
    () => sweep(deps, signal),
  );
  if (settled > 0) deps.log.warn("completions were settled whose events never arrived", { settled });
  if (failed > 0) deps.log.warn("completions could not be settled; the sweep tries again", { failed });
}

/** One round: pages of missing successors, from the watermark on, until none is left or the round reaches its limit. */
export async function sweep(deps: SweepDeps, signal: AbortSignal = AbortSignal.any([])): Promise<Swept> {
  const swept: Swept = { settled: 0, failed: 0 };
  let cursor = await watermark(deps);
  for (let page = 0; page < mostPages; page++) {
    const { data, next_cursor } = await ask(deps, cursor);
    let settledHere = 0;
    for (const completion of data) {
      if (signal.aborted) return swept;
      const verdict = await settleCompletion(deps, completion).catch(retryFor);
      if (verdict.kind === "done") settledHere++;
      else swept.failed++;
    }
    swept.settled += settledHere;
    cursor = next_cursor;
    await note(deps, cursor);
    // The end of the list, or a page on which nothing succeeded: the next one would not do better now.
    if (cursor === null || settledHere === 0) break;
  }
  return swept;
}

async function ask({ invoke }: SweepDeps, cursor: string | null): Promise<MissingPage> {
  const query = new URLSearchParams({ limit: String(pageSize), ...(cursor === null ? {} : { cursor }) });
  const request = new Request(`http://localhost/internal/occurrences/missing?${query}`);
  const response = await invoke.call("api", request, { timeoutMs: callMs });
  if (!response.ok) throw new Error(`api answered ${response.status}`);
  const page = decode(MissingPage, await response.json());
  if (!page.fits) throw new Error(`api's list: ${page.wrong}`);
  return page.value;
}

/** Without its watermark the sweep starts from zero, which costs time and loses nothing. */
async function watermark({ state, log }: SweepDeps): Promise<string | null> {
  const mark = await state.get<Watermark>(watermarkKey).catch((error: unknown) => {
    log.warn("the sweep's watermark cannot be read", { error });
    return null;
  });
  return typeof mark?.value.cursor === "string" ? mark.value.cursor : null;
}

async function note({ state, log }: SweepDeps, cursor: string | null): Promise<void> {
  const mark: Watermark = { cursor };
  await state.set(watermarkKey, mark).catch((error: unknown) => {
    log.warn("the sweep's watermark cannot be stored", { error });
  });
}
