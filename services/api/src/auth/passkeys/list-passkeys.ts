import { type Passkey, PasskeyList } from "@carillon/contracts/http/passkeys";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { type PasskeyRow, passkeyColumns, toPasskey } from "./passkey-row.ts";

export const listPasskeysRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/passkeys",
    async ({ request }) => {
      const { userId } = personOf(request);
      requireNoQuery(request);
      return toResponse(answer(200, { data: await listPasskeys(deps, userId) } satisfies PasskeyList));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Your passkeys, the newest first",
        tag: "Second factors",
        answers: { 200: PasskeyList },
      }),
    },
  );

async function listPasskeys({ sql }: ApiDeps, userId: string): Promise<Passkey[]> {
  const rows = await sql<PasskeyRow[]>`
    select ${passkeyColumns(sql)} from api.passkeys where user_id = ${userId} order by created_at desc, id desc`;
  return rows.map(toPasskey);
}
