import type { Sql } from "@carillon/kit/database";

/** Laws by name, each as a query that finds violations. */
export type Laws = Record<string, (sql: Sql) => PromiseLike<readonly object[]>>;

/** The violated laws, each with the first violating rows; empty when all is well. */
export async function brokenLaws(sql: Sql, laws: Laws): Promise<Record<string, object[]>> {
  const broken: Record<string, object[]> = {};
  for (const [law, find] of Object.entries(laws)) {
    const rows = await find(sql);
    if (rows.length > 0) broken[law] = [...rows].slice(0, 3);
  }
  return broken;
}
