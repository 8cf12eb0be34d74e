import { appTokenHeader } from "@carillon/contracts/names";
import { noteTransport } from "../../src/auth/index.ts";
import { linkOf } from "../../src/auth/letters/links.ts";
import { appToken, type Harness, type Person } from "../harness.ts";
import type { Asking, Case } from "./calls.ts";

/** The letter that each person of the matrix has. */
const letterId = "018f0000-0000-7000-8000-00000000000e";
/** And those that prove an address. */
const proofId = "018f0000-0000-7000-8000-00000000000a";
const changeId = "018f0000-0000-7000-8000-00000000000b";

/** A letter that brings a way back in. */
export async function giveLetter(api: Harness, person: Person): Promise<void> {
  await api.sql`
    insert into api.letters (user_id, id, kind, created_at, expires_at, next_try_at)
    values (${person.user.id}, ${letterId}, 'reset', '2025-11-24T09:00:00Z', '2025-12-30T09:00:00Z', '2025-12-30T09:00:00Z')`;
  await api.sql`
    insert into api.letters (user_id, id, kind, email, created_at, expires_at, next_try_at)
    values
      (${person.user.id}, ${proofId}, 'verify', null, '2025-11-24T09:00:00Z', '2025-12-30T09:00:00Z', '2025-12-30T09:00:00Z'),
      (${person.user.id}, ${changeId}, 'email_change', 'moved@example.com', '2025-11-24T09:00:00Z', '2025-12-30T09:00:00Z',
        '2025-12-30T09:00:00Z')`;
}

/** Opens a letter's link that proves an address. */
const verify =
  (id: string) =>
  ({ api, person }: Asking) => {
    const token = linkOf(api.deps.seals, "verify", { userId: person.user.id, id });
    return api.call("POST", "/api/auth/verify", { body: { token } });
  };

/** The routes of sessions, and of the way back in. */
export const sessionCases: Record<string, readonly Case[]> = {
  "POST /api/auth/renew": [{ status: 200, call: async ({ as }) => as.post("/api/auth/renew") }],
  "GET /api/auth/mail": [{ status: 200, call: async ({ as }) => as.get("/api/auth/mail") }],
  "POST /api/auth/verify": [
    { status: 204, call: verify(proofId) },
    { status: 204, call: verify(changeId) },
    {
      // The other's is still good.
      status: 422,
      call: async (asking) => {
        const { api, person } = asking;
        await api.sql`update api.letters set expires_at = created_at where user_id = ${person.user.id}`;
        return verify(proofId)(asking);
      },
    },
  ],
  "POST /api/auth/verify/resend": [
    {
      status: 202,
      call: async ({ as, api }) => {
        await noteTransport({ sql: api.sql }, true);
        const answered = await as.post("/api/auth/verify/resend");
        await noteTransport({ sql: api.sql }, false);
        return answered;
      },
    },
  ],
  "POST /api/auth/email": [
    {
      status: 202,
      call: async ({ as, person }) =>
        as.post("/api/auth/email", { new_email: "elsewhere@example.com", password: person.password }),
    },
  ],
  "POST /api/auth/proof": [
    {
      status: 204,
      call: async ({ as, api, person }) => {
        api.clock.advance(1_000);
        return as.post("/api/auth/proof", { password: person.password });
      },
    },
  ],
  "POST /api/auth/reset": [
    {
      status: 204,
      call: async ({ api, person }) => {
        const token = linkOf(api.deps.seals, "reset", { userId: person.user.id, id: letterId });
        return api.call("POST", "/api/auth/reset", { body: { token, new_password: "another horse of seven" } });
      },
    },
    {
      // The other's is still good.
      status: 422,
      call: async ({ api, person }) => {
        await api.sql`update api.letters set expires_at = created_at where user_id = ${person.user.id}`;
        const token = linkOf(api.deps.seals, "reset", { userId: person.user.id, id: letterId });
        return api.call("POST", "/api/auth/reset", { body: { token, new_password: "another horse of seven" } });
      },
    },
  ],
  "POST /internal/letters/results": [
    {
      status: 204,
      call: async ({ api, person }) =>
        api.call("POST", "/internal/letters/results", {
          headers: { [appTokenHeader]: appToken },
          body: { results: [{ user_id: person.user.id, id: letterId, delay_ms: 1_000 }] },
        }),
    },
  ],
  "GET /api/sessions": [
    { status: 200, call: async ({ as }) => as.get("/api/sessions") },
    {
      // Late enough for a use to be written down.
      status: 200,
      call: async ({ as, api }) => {
        api.clock.advance(600_000);
        return as.get("/api/sessions");
      },
    },
  ],
  "DELETE /api/sessions": [{ status: 204, call: async ({ as }) => as.delete("/api/sessions") }],
  "DELETE /api/sessions/:id": [{ status: 204, call: async ({ as, ids }) => as.delete(`/api/sessions/${ids.session}`) }],
};
