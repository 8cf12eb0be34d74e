import { type Session, SessionList } from "@carillon/contracts/http/sessions";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { type Caller, personOf } from "../caller.ts";

export const listSessionsRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/sessions",
    async ({ request }) => {
      const person = personOf(request);
      requireNoQuery(request);
      return toResponse(answer(200, { data: await listSessions(deps, person) } satisfies SessionList));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Where you are signed in, the last used first",
        tag: "Accounts",
        answers: { 200: SessionList },
        errors: [422],
      }),
    },
  );

type Row = { id: string; created_at: Date; last_used_at: Date; client: string; address: string | null };

async function listSessions({ sql, clock }: ApiDeps, { userId, credentialId }: Caller): Promise<Session[]> {
  const rows = await sql<Row[]>`
    select id, created_at, last_used_at, client, address from api.sessions
    where user_id = ${userId} and expires_at > ${clock.now()} order by last_used_at desc, id desc`;
  return rows.map(({ id, created_at, last_used_at, client, address }) => ({
    id,
    created_at: created_at.toISOString(),
    last_used_at: last_used_at.toISOString(),
    client,
    address,
    current: id === credentialId,
  }));
}
