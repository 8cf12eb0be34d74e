import type { Sql } from "./connect.ts";

/** How the database is, for `GET /health`: "ok" when it answers; rejects when it does not. */
export const databaseHealth = (sql: Sql) => async (): Promise<string> => {
  await sql`select 1`;
  return "ok";
};
