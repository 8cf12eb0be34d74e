import { challengeHash } from "../../src/auth/passkeys/challenge-hash.ts";
import { softAuthenticator } from "../authenticator.ts";
import { type Harness, type Person, sessionOf } from "../harness.ts";
import type { Case } from "./calls.ts";

/** The passkey that each person of the matrix has. */
const passkeyId = "018f0000-0000-7000-8000-0000000000fd";
const owned = softAuthenticator();
const fresh = softAuthenticator();
const challenge = Buffer.alloc(32, 7).toString("base64url");
const later = "2025-11-24T09:05:00Z";

export async function givePasskey({ sql }: Harness, { user: { id } }: Person): Promise<void> {
  await sql`
    insert into api.passkeys (user_id, id, name, credential_id, public_key, counter, transports, created_at)
    values (${id}, ${passkeyId}, 'phone', ${owned.id}, ${owned.publicKey}, 0, '', '2025-11-24T09:00:00Z')`;
  await sql`
    insert into api.passkey_starts (user_id, challenge, session_id, expires_at)
    values (${id}, ${challenge}, gen_random_uuid(), ${later})`;
}

/** The routes of passkeys. */
export const passkeyCases: Record<string, readonly Case[]> = {
  "GET /api/passkeys": [{ status: 200, call: async ({ as }) => as.get("/api/passkeys") }],
  "DELETE /api/passkeys/:id": [{ status: 204, call: async ({ as }) => as.delete(`/api/passkeys/${passkeyId}`) }],
  "POST /api/passkeys/options": [
    {
      status: 200,
      call: async ({ as, person }) => {
        const answered = await as.post("/api/passkeys/options");
        const { user, excludeCredentials } = answered.body;
        return { ...answered, body: { isOwn: user.name === person.email, excludeCredentials } };
      },
    },
  ],
  "POST /api/passkeys": [
    {
      status: 201,
      call: async ({ as, api, person }) => {
        await api.sql`
          update api.passkey_starts set session_id = ${sessionOf(person.token)} where user_id = ${person.user.id}`;
        const credential = fresh.create({ challenge, rp: { id: "localhost" } });
        const { status, headers, body } = await as.post("/api/passkeys", { credential, name: "new" });
        return { status, headers, body: { name: body.name } };
      },
    },
  ],
  "POST /api/signin/passkey": [
    {
      status: 200,
      call: async ({ api, person }) => {
        await api.sql`
          insert into api.passkey_sign_ins (challenge_hash, expires_at) values (${challengeHash(challenge)}, ${later})
          on conflict do nothing`;
        const credential = owned.use({ challenge, rpId: "localhost" }, person.user.id, { counter: 5 });
        return api.call("POST", "/api/signin/passkey", { body: { credential } });
      },
    },
  ],
};
