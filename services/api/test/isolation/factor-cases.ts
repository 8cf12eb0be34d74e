import { createHash } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { type Answered, type Harness, type Person, sessionOf } from "../harness.ts";
import type { Asking, Case } from "./calls.ts";

/** The challenge that each person of the matrix has. */
const challengeId = "018f0000-0000-7000-8000-0000000000fc";
const recoveryCode = "0123456789abcdef";
const secret = new Secret({ size: 20 });

/** An app that waits for its first code, a recovery code and a sign-in that waits for its second step. */
export async function giveFactors({ sql }: Harness, { user: { id } }: Person): Promise<void> {
  const hash = createHash("sha256").update(`recovery code ${recoveryCode}`).digest();
  await sql`
    insert into api.totp (user_id, sealed_secret, created_at, session_id)
    values (${id}, 'sealed', '2025-11-24T09:00:00Z', gen_random_uuid())`;
  await sql`insert into api.recovery_codes (user_id, code_hash) values (${id}, ${hash})`;
  await sql`insert into api.challenges (user_id, id, expires_at) values (${id}, ${challengeId}, '2025-11-24T09:05:00Z')`;
}

/** Seals a known secret into the person's app; the code that it shows now. */
async function codeOf({ api, person }: Asking, { confirmed }: { confirmed: boolean }): Promise<string> {
  const { id } = person.user;
  const sealed = Buffer.from(api.deps.seals.sealFactor(id, secret.base32));
  await api.sql`
    update api.totp set sealed_secret = ${sealed}, session_id = ${sessionOf(person.token)},
      confirmed_at = ${confirmed ? "2025-11-24T09:00:00Z" : null}
    where user_id = ${id}`;
  return new TOTP({ secret }).generate({ timestamp: api.clock.now().getTime() });
}

const second = async ({ api, person }: Asking, code: string): Promise<Answered> => {
  const challenge = api.deps.seals.sealCursor("second step", [person.user.id, challengeId]);
  return api.call("POST", "/api/signin/second", { body: { challenge, code } });
};

/** The routes of second factors. */
export const factorCases: Record<string, readonly Case[]> = {
  "GET /api/auth/totp": [{ status: 200, call: async ({ as }) => as.get("/api/auth/totp") }],
  "POST /api/auth/totp": [
    {
      status: 200,
      call: async ({ as, person: { password } }) => as.call("POST", "/api/auth/totp", { password }),
    },
  ],
  "POST /api/auth/totp/confirm": [
    {
      status: 200,
      call: async (asking) => {
        const code = await codeOf(asking, { confirmed: false });
        return asking.as.call("POST", "/api/auth/totp/confirm", { code });
      },
    },
  ],
  "DELETE /api/auth/totp": [
    {
      status: 204,
      call: async (asking) => {
        const code = await codeOf(asking, { confirmed: true });
        const { as, person } = asking;
        return as.call("DELETE", "/api/auth/totp", { password: person.password, code });
      },
    },
  ],
  "POST /api/signin/second": [
    { status: 200, call: async (asking) => second(asking, await codeOf(asking, { confirmed: true })) },
    {
      status: 200,
      call: async (asking) => {
        await codeOf(asking, { confirmed: true });
        return second(asking, recoveryCode);
      },
    },
  ],
};

/** A right password that begins a second step, among as many others as there may be. */
export const halfSignIn: Case = {
  status: 401,
  call: async (asking) => {
    await codeOf(asking, { confirmed: true });
    const { api, person } = asking;
    await api.sql`
      insert into api.challenges (user_id, id, expires_at)
      select ${person.user.id}, gen_random_uuid(), '2025-11-24T09:06:00Z' from generate_series(1, 99)`;
    return api.call("POST", "/api/signin", { body: { email: person.email, password: person.password } });
  },
};
