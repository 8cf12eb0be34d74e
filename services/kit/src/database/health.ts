import { within } from "../loop/deadline.ts";
import type { Sql } from "./connect.ts";

const maxAnswerMs = 1_000;

/** How the database is, for `GET /health`: "ok", or "away" when it gives no answer within a second. */
export async function databaseHealth(sql: Sql): Promise<"ok" | "away"> {
  try {
    await within(maxAnswerMs, "the database", sql`select 1`);
    return "ok";
  } catch {
    return "away";
  }
}
