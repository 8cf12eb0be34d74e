import type { CloudEvent } from "@carillon/contracts/event";
import { slotOf } from "@carillon/events/publish";

/** An event of ordinary size, about 1 kB as JSON. */
export function eventFor(userId: string, seq: number): CloudEvent & { data: { task_id: string } } {
  const taskId = Bun.randomUUIDv7();
  const now = new Date().toISOString();
  const data = {
    event_type: "task.created",
    user_id: userId,
    task_id: taskId,
    change_seq: seq,
    actor: "user",
    timestamp: now,
    version: 1,
    changes: { title: [null, "A task of ordinary length"], priority: [null, "medium"] },
    task_data: {
      id: taskId,
      user_id: userId,
      title: "A task of ordinary length",
      description: "x".repeat(300),
      tags: [],
      reminders: [],
      version: 1,
    },
  };
  return {
    specversion: "1.0",
    id: Bun.randomUUIDv7(),
    source: "/carillon/api",
    type: "task.created",
    subject: taskId,
    time: now,
    datacontenttype: "application/json",
    dataschema: "urn:carillon:event:task.created/v1",
    partitionkey: userId,
    data,
  };
}

/** The row of `api.outbox` that carries such an event. */
export function outboxRow(userId: string, seq: number) {
  const event = eventFor(userId, seq);
  const { task_id } = event.data;
  return {
    user_id: userId,
    change_seq: seq,
    slot: slotOf(userId),
    event_id: event.id,
    type: event.type,
    entity_id: task_id,
    task_id,
    event,
  };
}
