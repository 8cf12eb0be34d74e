import { type Static, Type } from "@sinclair/typebox";
import { Actor } from "../event.ts";

/**
 * What `task-updates` carries instead of the event itself: enough for a screen to know what to
 * request, without content.
 */
export const TaskChanged = Type.Object({
  /** The type of the underlying event. */
  event_type: Type.String(),
  task_id: Type.Union([Type.String({ format: "uuid" }), Type.Null()]),
  version: Type.Integer({ minimum: 0 }),
  user_id: Type.String({ format: "uuid" }),
  change_seq: Type.Integer({ minimum: 1 }),
  actor: Actor,
  timestamp: Type.String({ format: "date-time" }),
  /** The session whose streams end; only with `session.revoked`. */
  session_id: Type.Optional(Type.String()),
});
export type TaskChanged = Omit<Static<typeof TaskChanged>, "actor"> & { actor: Actor };

export const taskChangedType = "task.changed";
export const taskChangedSchema = "urn:carillon:event:task.changed/v1";
