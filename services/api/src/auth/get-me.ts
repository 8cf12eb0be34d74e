import { User } from "@carillon/contracts/http/auth";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { signInNeeded } from "./authenticate.ts";
import { callerOf } from "./caller.ts";
import { toUser, type UserRow, userColumns } from "./user.ts";

export const getMeRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/auth/me",
    async ({ request }) => {
      requireNoQuery(request);
      return toResponse(answer(200, await getMe(deps, callerOf(request).userId)));
    },
    {
      parse: "none",
      detail: describe({ summary: "Your account", tag: "Accounts", answers: { 200: User }, errors: [422] }),
    },
  );

/** The user. @throws Problem 401 when the account has just been erased. */
export async function getMe({ sql }: ApiDeps, userId: string): Promise<User> {
  const [row] = await sql<UserRow[]>`select ${userColumns(sql)} from api.users where id = ${userId}`;
  if (!row) throw signInNeeded("This account is gone.");
  return toUser(row);
}
