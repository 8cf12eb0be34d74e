import type { CloudEvent } from "@carillon/contracts/event";

/** A change of a task of that user, with a control character in it that must not reach a terminal. */
export function eventOf(userId: string): CloudEvent {
  const id = Bun.randomUUIDv7();
  const data = {
    event_type: "task.updated",
    user_id: userId,
    task_id: id,
    change_seq: 1,
    actor: "user",
    timestamp: new Date().toISOString(),
  };
  return {
    specversion: "1.0",
    id,
    source: "/carillon/api",
    type: "task.updated",
    subject: id,
    time: data.timestamp,
    datacontenttype: "application/json",
    dataschema: "urn:carillon:event:task.updated/v1",
    partitionkey: userId,
    data: { ...data, version: 1, changes: { title: ["a", "b\u001b[31m"] } },
  };
}
