import { occurrenceId } from "@carillon/calendar/recurrence";
import { zoneRelease } from "@carillon/calendar/zone";
import { type Completion, type EndSeries, type PutOccurrence, Settlement } from "@carillon/contracts/http/occurrences";
import { done, type Verdict } from "@carillon/events/consume";
import { decode } from "@carillon/kit/http";
import { type Log, metrics } from "@carillon/kit/observe";
import type { Invoker } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";
import { type Next, nextOccurrence } from "./next-occurrence.ts";

export type SettleDeps = { invoke: Invoker; log: Log };

const callMs = 3_000;

/** Attempts per delivery for a task that is edited faster than it can be settled. */
const mostRounds = 3;

/**
 * Sends api what follows a completion: the next task, under an id derived from this one, or the end of
 * the series. Safe to repeat. If the task has changed, api answers with its current state, and the
 * date is computed again.
 * @throws when api is away, which is not the event's fault.
 */
export async function settleCompletion(deps: SettleDeps, completion: Completion): Promise<Verdict> {
  let current = completion;
  for (let round = 0; round < mostRounds; round++) {
    const next = measured(current);
    if (next.kind === "unreadable") return refused(deps, current, next.reason);
    const response = await deps.invoke.call("api", requestFor(current, next), { timeoutMs: callMs });
    const text = await response.text();
    if (response.status === 422) return refused(deps, current, "api refuses it as invalid");
    if (response.status === 503) throw new Problem("unavailable", "api cannot work right now");
    if (response.status >= 500) throw new Error(`api answered ${response.status}`);
    if (!response.ok) return { kind: "retry", reason: `api answered ${response.status}` };
    const settlement = read(text);
    if (!settlement) return { kind: "retry", reason: "api's answer cannot be read" };
    if (settlement.outcome !== "changed" || !settlement.completion) return done;
    current = settlement.completion;
  }
  return { kind: "retry", reason: "the task keeps changing" };
}

function measured(completion: Completion): Next {
  const stop = metrics.rruleCalculation.startTimer();
  const next = nextOccurrence(completion);
  stop();
  return next;
}

function requestFor({ task }: Completion, next: Exclude<Next, { kind: "unreadable" }>): Request {
  if (next.kind === "ended") {
    const body: EndSeries = { user_id: task.user_id, task_id: task.id, version: task.version };
    return json("POST", "/internal/series/end", body);
  }
  const body: PutOccurrence = {
    user_id: task.user_id,
    parent_task_id: task.id,
    parent_version: task.version,
    due_date: next.dueAt.toISOString(),
    ordinal: next.ordinal,
    zone_release: zoneRelease(),
  };
  return json("PUT", `/internal/tasks/${occurrenceId(task.id)}`, body);
}

const json = (method: string, path: string, body: unknown): Request =>
  new Request(`http://localhost${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

function read(text: string): Settlement | null {
  const given = decode(Settlement, text === "" ? null : JSON.parse(text));
  // Sound: the schema says in one object which fields an outcome has; the type says it outcome by outcome.
  return given.fits ? (given.value as Settlement) : null;
}

/** No retry can succeed and the series has stopped: an operator has to look. */
function refused({ log }: SettleDeps, { task }: Completion, reason: string): Verdict {
  log.error("a completed task gets no successor", { task_id: task.id, user_id: task.user_id, reason });
  return { kind: "drop", reason };
}
