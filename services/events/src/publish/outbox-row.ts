/** One unpublished outbox row. `ageMs` is its age when it was read. */
export type OutboxRow = { userId: string; changeSeq: string; slot: number; event: string; ageMs: number };

/** A row that cannot be published, and why. */
export type ParkedRow = { row: Pick<OutboxRow, "userId" | "changeSeq">; reason: string };
