import { type Static, Type } from "@sinclair/typebox";
import { Actor, Changes } from "../event.ts";
import { Cursor, Instant, InstantInput, limit, Nullable, Page, Uuid } from "./shared.ts";

/** One change that happened. `changes`: field → [before, after]; `hash` chains it to the user's previous entry. */
export const AuditEntry = Type.Object({
  id: Uuid,
  task_id: Nullable(Uuid),
  action: Type.String({ examples: ["task.completed"] }),
  actor: Actor,
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

/** Body-less answer to "is my history whole?": `first_broken` is the id of the first entry that does not fit. */
export const AuditVerification = Type.Object({
  ok: Type.Boolean(),
  checked: Type.Integer({ minimum: 0 }),
  first_broken: Nullable(Type.String()),
});
export type AuditVerification = Static<typeof AuditVerification>;

/** `GET /internal/entries?user_id=…` of audit, asked by api alone: ListAudit's filters, for one user. */
export const InternalListAudit = Type.Object({ user_id: Uuid, ...ListAudit.properties });
export const InternalVerifyAudit = Type.Object({ user_id: Uuid });
