import type { Sql } from "./connect.ts";

/** What the server must be for lists in the order of the Unicode collation algorithm, as a sentence's end. */
export const orderNeeds =
  "PostgreSQL 16 or later, built with ICU (as those of postgresql.org and the image `postgres` are)";

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

/** Whether the error says that this server has no such order. */
export const isMissingOrder = (error: unknown): boolean =>
  ["0A000", "42704"].includes(codeOf(error)) && /unicode|\bICU\b/.test(String(error));

export const hasUnicodeOrder = async (sql: Sql): Promise<boolean> =>
  sql`select 'a' < 'b' collate "unicode"`.then(
    () => true,
    (error: unknown) => !isMissingOrder(error),
  );

const collation = "collname = 'unicode' and collnamespace = 'pg_catalog'::regnamespace";

/** `stale`: another ICU than the one that an index was built with orders some letters otherwise, and the index finds less than there is. */
export async function unicodeOrder(sql: Sql): Promise<"current" | "stale"> {
  const stale = await sql.unsafe(
    `select from pg_collation where ${collation} and collversion is distinct from pg_collation_actual_version(oid)`,
  );
  return stale.length > 0 ? "stale" : "current";
}

/** Builds the indexes of a stale order again and notes its version; `stale` where the caller is not the superuser, who alone may note it. */
export async function renewUnicodeOrder(sql: Sql): Promise<"current" | "renewed" | "stale"> {
  if ((await unicodeOrder(sql)) === "current") return "current";
  try {
    await sql.begin(async (tx) => {
      await tx`set local statement_timeout = 0`;
      await tx`alter collation pg_catalog."unicode" refresh version`;
      const indexes = await tx.unsafe(
        `select indexrelid::regclass::text as name from pg_index where (select oid from pg_collation where ${collation}) = any(indcollation)`,
      );
      for (const { name } of indexes) await tx.unsafe(`reindex index ${name}`);
    });
    return "renewed";
  } catch (error) {
    if (codeOf(error) === "42501") return "stale";
    throw error;
  }
}
