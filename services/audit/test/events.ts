import type { Actor, Changes, CloudEvent, EventData } from "@carillon/contracts/event";

type Says = {
  userId: string;
  id?: string;
  type?: string;
  taskId?: string | null;
  actor?: Actor;
  at?: Date;
  changes?: Changes;
  batchId?: string;
};

const beginning = new Date("2026-11-21T09:00:00.000Z");

/** An event as api publishes it. */
export function eventOf({ userId, taskId = Bun.randomUUIDv7(), ...says }: Says): CloudEvent<EventData> {
  const type = says.type ?? "task.updated";
  const timestamp = (says.at ?? beginning).toISOString();
  return {
    specversion: "1.0",
    id: says.id ?? Bun.randomUUIDv7(),
    source: "/carillon/api",
    type,
    subject: taskId ?? userId,
    time: timestamp,
    datacontenttype: "application/json",
    dataschema: `urn:carillon:event:${type}/v1`,
    partitionkey: userId,
    data: {
      event_type: type,
      user_id: userId,
      task_id: taskId,
      change_seq: 1,
      actor: says.actor ?? "user",
      timestamp,
      version: 1,
      changes: says.changes ?? { title: ["old", "new"] },
      ...(says.batchId === undefined ? {} : { batch_id: says.batchId }),
    },
  };
}

export const eventsOf = (count: number, says: Says): CloudEvent<EventData>[] =>
  Array.from({ length: count }, (_, index) => eventOf({ ...says, changes: { title: [index, index + 1] } }));
