import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { Completion } from "@carillon/contracts/http/occurrences";
import { done, type Handle, oneByOne, type Verdict } from "@carillon/events/consume";
import { decode } from "@carillon/kit/http";
import { type SettleDeps, settleCompletion } from "./settle-completion.ts";

/** Users whose completions are settled in parallel. */
const usersAtOnce = 8;

/**
 * A verdict on each event, in order: users in parallel, the events of one user in sequence. Any event
 * that is not the completion of a recurring task is done at once.
 */
export function onTaskCompleted(deps: SettleDeps): Handle<EventData> {
  return async (events) => {
    const verdicts = new Map<CloudEvent<EventData>, Verdict>();
    const waiting = [...Map.groupBy(events, (event) => event.partitionkey).values()];
    // One unanswered call is enough: the others would time out too, and with them the whole delivery.
    let away = false;
    const settleOne = oneByOne<EventData>(async (event) => {
      const read = completionIn(event);
      if (read.kind !== "completion") return read.kind === "none" ? done : { kind: "drop", reason: read.reason };
      if (away) return { kind: "retry", reason: "api is away", blameless: true };
      try {
        return await settleCompletion(deps, read.completion);
      } catch (error) {
        away = true;
        throw error;
      }
    });
    const settleUsers = async (): Promise<void> => {
      for (let ofUser = waiting.shift(); ofUser; ofUser = waiting.shift()) {
        const given = await settleOne(ofUser);
        for (const [at, event] of ofUser.entries()) verdicts.set(event, given[at] ?? done);
      }
    };
    await Promise.all(Array.from({ length: usersAtOnce }, settleUsers));
    return events.map((event) => verdicts.get(event) ?? done);
  };
}

type Read = { kind: "none" } | { kind: "completion"; completion: Completion } | { kind: "unreadable"; reason: string };

function completionIn({ type, data }: CloudEvent<EventData>): Read {
  if (type !== "task.completed") return { kind: "none" };
  const task: unknown = "task_data" in data ? data.task_data : null;
  const recurs = typeof task === "object" && task !== null && "recurrence" in task && task.recurrence !== null;
  if (!recurs) return { kind: "none" };
  const completion = decode(Completion, { task, series: "series" in data ? data.series : null });
  if (!completion.fits) return { kind: "unreadable", reason: `/data${completion.wrong}` };
  return { kind: "completion", completion: completion.value };
}
