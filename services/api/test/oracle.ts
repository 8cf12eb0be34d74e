import { expect } from "bun:test";
import type { Sql } from "@carillon/kit/database";
import { brokenLaws } from "@carillon/testing/laws/broken";
import { changeLaws } from "@carillon/testing/laws/changes";

/** Fails with the name of each broken law and the rows that break it. */
export async function expectWhole(sql: Sql): Promise<void> {
  expect(await brokenLaws(sql, changeLaws)).toEqual({});
}

/** Everything that `api` stores of tasks, tags and events, to tell whether anything was written. */
export async function fingerprint(sql: Sql): Promise<Record<string, string>> {
  const [row] = await sql<Record<string, string>[]>`
    select (select md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from api.tasks x) as tasks,
      (select md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from api.tags x) as tags,
      (select md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from api.reminders x) as reminders,
      (select md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from api.tombstones x) as tombstones,
      (select md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from api.idempotency_keys x) as keys,
      (select md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from api.users x) as users,
      (select md5(coalesce(string_agg(x.change_seq || x.event::text, '|' order by x.id), '')) from api.outbox x) as outbox`;
  return row ?? {};
}
