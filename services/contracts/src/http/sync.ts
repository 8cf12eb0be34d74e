import { type Static, Type } from "@sinclair/typebox";
import { Cursor, Nullable, Strict, Uuid } from "./shared.ts";
import { Tag } from "./tags.ts";
import { Task } from "./tasks.ts";

export const SyncQuery = Type.Object({ cursor: Type.Optional(Cursor) });

/**
 * Everything that changed since the cursor; ask again at once while `has_more`. A task in the trash is
 * in `deleted` until it is restored. A renamed or deleted tag changes no task: clients join by the
 * tag's id.
 */
export const SyncPage = Type.Object({
  tasks: Type.Array(Task),
  tags: Type.Array(Tag),
  deleted: Type.Array(Type.Object({ type: Type.Union([Type.Literal("task"), Type.Literal("tag")]), id: Uuid })),
  next_cursor: Type.String(),
  has_more: Type.Boolean(),
});
export type SyncPage = Static<typeof SyncPage>;

/**
 * `POST /internal/session` (realtime → api): whose stream may this be, and until when? A 401 problem
 * when the token is invalid.
 */
export const SessionQuestion = Type.Object({ token: Type.String({ maxLength: 4_096 }) }, Strict);
export const SessionAnswer = Type.Object({
  user_id: Uuid,
  /** The session's or the access token's id; `session.revoked` names it. */
  session_id: Uuid,
  expires_at: Nullable(Type.String()),
});
export type SessionAnswer = Static<typeof SessionAnswer>;

/** `GET /internal/watch/ended-sessions` (realtime → api, twice a second): sessions and access tokens that ended within the last 20 s. */
export const EndedSessions = Type.Object({ session_ids: Type.Array(Uuid) });
export type EndedSessions = Static<typeof EndedSessions>;

/** `GET /internal/changes?user_id=…&after=…` (realtime → api): the changes after that change number, oldest first. */
export const ChangesQuery = Type.Object({ user_id: Uuid, after: Type.Integer({ minimum: 0 }) });
export const ChangesAnswer = Type.Object({
  /**
   * True: too far behind, unknown or foreign; the client must read everything again. `latest` is then
   * where to resume from.
   */
  resync: Type.Boolean(),
  latest: Type.Integer({ minimum: 0 }),
  changes: Type.Array(
    Type.Object({
      change_seq: Type.Integer(),
      event_type: Type.String(),
      task_id: Nullable(Uuid),
      version: Type.Integer(),
    }),
  ),
});
export type ChangesAnswer = Static<typeof ChangesAnswer>;
