import type { Sql } from "./connect.ts";

/** What the server must be for lists in the order of the Unicode collation algorithm, as a sentence's end. */
export const orderNeeds =
  "PostgreSQL 16 or later, built with ICU (as those of postgresql.org and the image `postgres` are)";

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

/** Whether the error says that this server has no such order. */
export const isMissingOrder = (error: unknown): boolean =>
  error instanceof Error && ["0A000", "42704"].includes(codeOf(error)) && /unicode|\bICU\b/.test(error.message);

/** Whether the server has that order. */
export async function hasUnicodeOrder(sql: Sql): Promise<boolean> {
  try {
    await sql`select 'a' < 'b' collate "unicode"`;
    return true;
  } catch (error) {
    if (isMissingOrder(error)) return false;
    throw error;
  }
}

/**
 * Another ICU than the one an index was built with orders some letters otherwise, and then the index finds less than is
 * there. `stale` until it is built again.
 */
export async function unicodeOrder(sql: Sql): Promise<"current" | "stale"> {
  const [order] = await sql<{ is_stale: boolean }[]>`
    select collversion is distinct from pg_collation_actual_version(oid) as is_stale from pg_collation
    where collname = 'unicode' and collnamespace = 'pg_catalog'::regnamespace`;
  return order?.is_stale ? "stale" : "current";
}

/**
 * Builds the indexes in that order again where the server's ICU is another one than they were built with, and notes the
 * version; `stale` where the caller is not the superuser, who alone may note it.
 */
export async function renewUnicodeOrder(sql: Sql): Promise<"current" | "renewed" | "stale"> {
  if ((await unicodeOrder(sql)) === "current") return "current";
  try {
    await sql.begin(async (tx) => {
      await tx`set local statement_timeout = 0`;
      await tx`alter collation pg_catalog."unicode" refresh version`;
      const indexes = await tx<{ name: string }[]>`
        select indexrelid::regclass::text as name from pg_index
        where (select oid from pg_collation where collname = 'unicode' and collnamespace = 'pg_catalog'::regnamespace) = any(indcollation)`;
      for (const { name } of indexes) await tx.unsafe(`reindex index ${name}`);
    });
    return "renewed";
  } catch (error) {
    if (codeOf(error) === "42501") return "stale";
    throw error;
  }
}

/** For an operator whose database it is: what to do about a stale order. */
export const staleOrder =
  "the database server's ICU has changed: some lists may be in a wrong order or incomplete until its superuser has built the" +
  " indexes of that order again; docs/operations.md says how (`ops database provision` does it)";
