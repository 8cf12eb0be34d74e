import type { CloudEvent, EventData } from "@carillon/contracts/event";
import type { Completion } from "@carillon/contracts/http/occurrences";

export type Facts = {
  id?: string;
  userId?: string;
  version?: number;
  start?: string | null;
  occurrenceAt?: string;
  completedAt?: string | null;
  zone?: string;
  allDay?: boolean;
  anchor?: "due_date" | "completion";
  endsAt?: string | null;
  ordinal?: number | null;
  excluded?: readonly string[];
};

const due = "2026-11-21T09:00:00Z";

/** A completed recurring task, due on 21 November 2026 at nine and completed an hour later by default. */
export function completionOf(pattern: string | null, facts: Facts = {}): Completion {
  const { start = due, completedAt = "2026-11-21T10:00:00Z" } = facts;
  return {
    task: {
      id: facts.id ?? "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77",
      user_id: facts.userId ?? "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b00",
      version: facts.version ?? 2,
      completed_at: completedAt,
      time_zone: facts.zone ?? "UTC",
      all_day: facts.allDay ?? false,
      recurring_pattern: pattern,
      recurrence: { rrule: "", text: "", anchor: facts.anchor ?? "due_date", ends_at: facts.endsAt ?? null },
    },
    series: {
      start,
      occurrence_at: facts.occurrenceAt ?? due,
      excluded_dates: [...(facts.excluded ?? [])],
      ordinal: facts.ordinal ?? null,
    },
  };
}

/** The event of that completion as api publishes it, or another event of the task. */
export function eventOf({ task, series }: Completion, type = "task.completed"): CloudEvent<EventData> {
  const data = {
    event_type: type,
    user_id: task.user_id,
    task_id: task.id,
    change_seq: 1,
    actor: "user",
    timestamp: due,
    version: task.version,
    changes: {},
    task_data: task,
    series,
  };
  return {
    specversion: "1.0",
    id: Bun.randomUUIDv7(),
    source: "/carillon/api",
    type,
    subject: task.id,
    time: due,
    datacontenttype: "application/json",
    dataschema: `urn:carillon:event:${type}/v1`,
    partitionkey: task.user_id,
    data,
  };
}
