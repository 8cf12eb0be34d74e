import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** Who caused a change. */
export const Actor = Type.Union(
  ["user", "token", "assistant", "recurring", "notification", "system"].map((name) => Type.Literal(name)),
);
export type Actor = "user" | "token" | "assistant" | "recurring" | "notification" | "system";

/** Field → [before, after]; null means "absent". */
export type Changes = Record<string, [unknown, unknown]>;

/**
 * Written as a list of exactly two, which every version of JSON Schema knows; a tuple's `items`
 * changed meaning in 2020-12.
 */
const BeforeAndAfter = Type.Unsafe<[unknown, unknown]>(Type.Array(Type.Unknown(), { minItems: 2, maxItems: 2 }));
export const Changes = Type.Record(Type.String(), BeforeAndAfter);

/**
 * The CloudEvents 1.0 envelope around `data`. `id` is the event's own (UUIDv7), the same on every
 * redelivery; `subject` is the task, tag or user it is about; `time` is the commit's instant.
 * `partitionkey` is the user (CloudEvents partitioning extension).
 */
export const CloudEvent = <Data extends TSchema>(data: Data) =>
  Type.Object({
    specversion: Type.Literal("1.0"),
    id: Type.String(),
    source: Type.String(),
    type: Type.String(),
    subject: Type.String(),
    time: Type.String(),
    datacontenttype: Type.Literal("application/json"),
    dataschema: Type.String(),
    partitionkey: Type.String(),
    traceparent: Type.Optional(Type.String()),
    /** The trace id of the first request that the change goes back to. */
    correlationid: Type.Optional(Type.String()),
    /** The id of the event that caused the change; absent where a request did. */
    causationid: Type.Optional(Type.String()),
    data,
  });

export type CloudEvent<Data = unknown> = {
  specversion: "1.0";
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  datacontenttype: "application/json";
  dataschema: string;
  partitionkey: string;
  traceparent?: string;
  correlationid?: string;
  causationid?: string;
  data: Data;
};

/**
 * The common fields of every event's `data`. `version` is the task's (or tag's) version after the
 * change, 0 where nothing is versioned.
 */
export const EventData = Type.Object({
  event_type: Type.String(),
  user_id: Type.String({ format: "uuid" }),
  task_id: Type.Union([Type.String({ format: "uuid" }), Type.Null()]),
  change_seq: Type.Integer({ minimum: 1 }),
  actor: Actor,
  /** On whose word an assistant did it: `conversation <id>`, `token <id>` or `session <id>`. */
  via: Type.Optional(Type.String()),
  timestamp: Type.String({ format: "date-time" }),
  version: Type.Integer({ minimum: 0 }),
  changes: Changes,
  /** Changes that were asked for together, and can be taken back together, carry one id. */
  batch_id: Type.Optional(Type.String({ format: "uuid" })),
});
export type EventData = Static<typeof EventData>;
