import { User, UserPatch } from "@carillon/contracts/http/auth";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { signInNeeded } from "./authenticate.ts";
import { personOf } from "./caller.ts";
import { requireTimeZone, toUser, type UserRow, userColumns } from "./user.ts";

export const updateMeRoute = (deps: ApiDeps) =>
  new Elysia().patch(
    "/api/auth/me",
    async ({ request }) => {
      const { userId } = personOf(request);
      const body = await readBody(request, UserPatch);
      requireNoQuery(request);
      return toResponse(answer(200, await updateMe(deps, userId, body)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Change your name, time zone, notifications, or how you read and write dates; absent fields stay",
        tag: "Accounts",
        body: UserPatch,
        answers: { 200: User },
      }),
    },
  );

/** Null means the usual value; what is absent is null here, and stays. */
const orUsual = <Value>(sent: Value | null | undefined, usual: Value): Value | null =>
  sent === null ? usual : (sent ?? null);

/**
 * The user after the change; null means the default of sign-up. @throws Problem 422 for an unknown
 * time zone.
 */
export async function updateMe(deps: ApiDeps, userId: string, patch: UserPatch): Promise<User> {
  const name = patch.name === null ? "" : patch.name;
  const timeZone = patch.time_zone === null ? "UTC" : patch.time_zone;
  if (timeZone !== undefined) requireTimeZone(timeZone);
  const { sql } = deps;
  const [row] = await sql<UserRow[]>`
    update api.users set
      name = coalesce(${name ?? null}, name),
      time_zone = coalesce(${timeZone ?? null}, time_zone),
      notify_by_email = coalesce(${patch.notifications?.email ?? null}::boolean, notify_by_email),
      words_language = case when ${patch.language === undefined} then words_language else ${patch.language ?? null} end,
      date_order = coalesce(${orUsual(patch.date_order, "dmy")}, date_order),
      hour_cycle = coalesce(${orUsual(patch.hour_cycle, "h23")}, hour_cycle),
      week_start = coalesce(${orUsual(patch.week_start, "monday")}, week_start),
      day_parts = case when ${patch.day_parts === null} then '{}' else day_parts end || ${sql.json(patch.day_parts ?? {})}
    where id = ${userId}
    returning ${userColumns(sql)}`;
  if (!row) throw signInNeeded("This account is gone.");
  // Whole days move too: the first of them at once, and all before this user's next change, even
  // after a crash.
  if (timeZone !== undefined) await deps.seatSome(userId);
  return toUser(row);
}
