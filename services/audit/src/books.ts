import type { Sql } from "@carillon/kit/database";
import { createMarks, type Marks } from "./marks.ts";
import { createSeals, type Seals } from "./seals.ts";

/** What keeping histories needs: the tables, the seal, and what this process remembers of its own writes. */
export type Books = { sql: Sql; seals: Seals; marks: Marks };

/** Settings of audit that are in no database. */
export type Keys = { AUDIT_KEY: string; AUDIT_OLD_KEY: string | null };

/** The books of a process that has written nothing yet. */
export const openBooks = (sql: Sql, { AUDIT_KEY, AUDIT_OLD_KEY }: Keys): Books => ({
  sql,
  seals: createSeals(AUDIT_KEY, AUDIT_OLD_KEY),
  marks: createMarks(),
});
