import { type Static, Type } from "@sinclair/typebox";
import { Actor, Changes } from "../event.ts";
import { Cursor, Instant, InstantInput, limit, Nullable, Page, Uuid } from "./shared.ts";

/**
 * One change. `changes`: field → [before, after]; `hash` chains it to the user's previous entry. `tag_id` is there for a
 * tag's change, `version` is the task's or tag's after it; changes that were made together share a `batch_id`.
 */
export const AuditEntry = Type.Object({
  id: Uuid,
  task_id: Nullable(Uuid),
  tag_id: Nullable(Uuid),
  batch_id: Nullable(Uuid),
  version: Type.Integer({ minimum: 0 }),
  action: Type.String({ examples: ["task.completed"] }),
  actor: Actor,
  /** Absent in answers of a release that did not keep it. */
  via: Type.Optional(
    Nullable(
      Type.String({ description: "on whose word an assistant acted: conversation, token or session and its id" }),
    ),
  ),
  at: Instant,
  changes: Changes,
  hash: Type.String({ description: "SHA-256, hexadecimal" }),
});
export type AuditEntry = Static<typeof AuditEntry>;

export const ListAudit = Type.Object({
  task_id: Type.Optional(Type.String({ maxLength: 64 })),
  action: Type.Optional(Type.String({ maxLength: 64 })),
  actor: Type.Optional(Actor),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  limit: limit(50),
  cursor: Type.Optional(Cursor),
});
export type ListAudit = Static<typeof ListAudit>;

/** `GET /api/tasks/{id}/history` takes the same page parameters. */
export const ListHistory = Type.Object({ limit: limit(50), cursor: Type.Optional(Cursor) });

export const AuditPage = Page(AuditEntry);
export type AuditPage = Static<typeof AuditPage>;

/** Why a history is not intact; every reason but `erased` may come with the entry it was found at. */
export const AuditBreak = Type.Union(
  ["changed", "forged", "removed", "missing", "erased"].map((name) => Type.Literal(name)),
  {
    description:
      "changed: an entry was edited, moved or put in, or one before it is gone; forged: an entry that the history's keeper did not write, " +
      "or that speaks of no change; removed: the newest entries were cut off; missing: changes whose entries never came or are gone; " +
      "erased: all of it is gone, though the account is not",
  },
);
export type AuditBreak = "changed" | "forged" | "removed" | "missing" | "erased";

const verdict = {
  ok: Type.Boolean(),
  checked: Type.Integer({ minimum: 0 }),
  first_broken: Nullable(Type.String()),
  reason: Nullable(AuditBreak),
};

/** audit's own answer, about its entries: `first_broken` is the id of the first one that does not fit. */
export const AuditVerification = Type.Object(verdict);
export type AuditVerification = Omit<Static<typeof AuditVerification>, "reason"> & { reason: AuditBreak | null };

/**
 * Result of verifying the user's history: audit's answer combined with api's changes. `missing` counts
 * changes without an entry; `pending` those that may still be on their way. A missing change is
 * named by its event's id while api keeps the event (7 days).
 */
export const HistoryVerification = Type.Object({
  ...verdict,
  missing: Type.Integer({ minimum: 0 }),
  pending: Type.Integer({ minimum: 0 }),
});
export type HistoryVerification = AuditVerification & { missing: number; pending: number };

/** `GET /internal/entries?user_id=…` of audit, called by api only: ListAudit's filters, for one user, or one entry or one batch of theirs. */
export const InternalListAudit = Type.Object({
  user_id: Uuid,
  ...ListAudit.properties,
  id: Type.Optional(Uuid),
  batch_id: Type.Optional(Uuid),
});
export const InternalVerifyAudit = Type.Object({ user_id: Uuid });

/** Maximum ids in one comparison: with as many a body stays below the usual limit. */
export const maxComparedIds = 5_000;

/**
 * `POST /internal/compare` of audit: which of these events have no entry, and which entries since an
 * instant match none of them?
 */
export const InternalCompareAudit = Type.Object({
  user_id: Uuid,
  /**
   * The ids are all events of the user since then; null: they are not, and entries without an event are
   * not searched.
   */
  since: Nullable(InstantInput),
  ids: Type.Array(Uuid, { maxItems: maxComparedIds }),
});

/** The answer: how many entries there are, and the first ids of both kinds, oldest entry or event first. */
export const AuditComparison = Type.Object({
  entries: Type.Integer({ minimum: 0 }),
  missing: Type.Array(Uuid),
  foreign: Type.Array(Uuid),
  is_erased: Type.Boolean(),
});
export type AuditComparison = Static<typeof AuditComparison>;

/** Maximum events and tasks in one step of a rebuild. */
export const maxRebuilt = 200;

/**
 * `POST /internal/rebuild` of audit: events of the user that may be lost, and tasks whose history may
 * be lost altogether.
 */
export const InternalRebuildAudit = Type.Object({
  user_id: Uuid,
  events: Type.Array(Type.Unknown(), { maxItems: maxRebuilt }),
  tasks: Type.Array(Type.Object({ id: Uuid, version: Type.Integer({ minimum: 0 }), at: Instant, changes: Changes }), {
    maxItems: maxRebuilt,
  }),
});

/**
 * The answer: events that are entries now, events that cannot become one, and tasks that got an entry
 * because they had none.
 */
export const AuditRebuilt = Type.Object({
  taken: Type.Integer({ minimum: 0 }),
  refused: Type.Integer({ minimum: 0 }),
  restated: Type.Integer({ minimum: 0 }),
});
export type AuditRebuilt = Static<typeof AuditRebuilt>;

/**
 * `POST /internal/audit/rebuild` of api, one step: events behind the change number `after`. At the
 * end, `accept_loss` takes the remaining history as complete: every task without an entry is stated
 * once in its current state.
 */
export const InternalRebuildHistory = Type.Object({
  user_id: Uuid,
  after: Type.Integer({ minimum: 0 }),
  accept_loss: Type.Boolean(),
});

/**
 * The answer: `next` is the start of the next step, null at the end; then `lost` counts changes that
 * cannot be recovered.
 */
export const HistoryRebuilt = Type.Object({
  ...AuditRebuilt.properties,
  next: Nullable(Type.Integer({ minimum: 1 })),
  lost: Type.Integer({ minimum: 0 }),
  is_erased: Type.Boolean(),
});
export type HistoryRebuilt = Static<typeof HistoryRebuilt>;
