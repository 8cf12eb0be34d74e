import { noteTransport } from "../../src/auth/index.ts";
import type { ProvenPerson, Provider } from "../../src/auth/oidc/provider.ts";
import type { Harness, Person } from "../harness.ts";
import type { Asking, Case } from "./calls.ts";

/** The identity that each person of the matrix has. */
const identityId = "018f0000-0000-7000-8000-0000000000ee";
const issuer = "https://provider.example";
const redirectUri = "http://localhost:3000/sign-in/provider/callback";

/** A provider for which a code is the person's subject. */
export const codeIsSubject: Provider = {
  name: "Example",
  issuer,
  redirectUri,
  pageFor: async () => new URL("https://provider.example/authorize"),
  personOf: async (callbackUrl): Promise<ProvenPerson> => ({
    issuer,
    subject: new URL(callbackUrl).searchParams.get("code") ?? "",
    email: "known@example.com",
    name: "",
    timeZone: null,
    authenticatedAt: null,
  }),
};

export async function giveIdentity({ sql }: Harness, { user: { id } }: Person): Promise<void> {
  await sql`
    insert into api.identities (user_id, id, issuer, subject, email, created_at)
    values (${id}, ${identityId}, ${issuer}, ${`own ${id}`}, 'own@example.com', '2025-11-24T09:00:00Z')`;
}

const back = (subject: string) => `${redirectUri}?${new URLSearchParams({ code: subject })}`;

const startedLink = async ({ as }: Asking): Promise<string> => (await as.post("/api/identities/start")).body.flow;

const remove: Case["call"] = async ({ as }) => as.delete(`/api/identities/${identityId}`);

/** The routes of identities at a provider. */
export const identityCases: Record<string, readonly Case[]> = {
  "GET /api/identities": [{ status: 200, call: async ({ as }) => as.get("/api/identities") }],
  "DELETE /api/identities/:id": [
    { status: 204, call: remove },
    {
      status: 409,
      call: async (asking) => {
        const { id } = asking.person.user;
        await asking.api.sql`delete from api.passkeys where user_id = ${id}`;
        await asking.api.sql`update api.users set password_hash = null where id = ${id}`;
        return remove(asking);
      },
    },
  ],
  "POST /api/identities/start": [
    {
      status: 200,
      call: async ({ as }) => {
        const { status, headers, body } = await as.post("/api/identities/start");
        return { status, headers, body: { url: body.url } };
      },
    },
    {
      status: 409,
      call: async ({ as, api }) => {
        await noteTransport({ sql: api.sql }, true);
        const answered = await as.post("/api/identities/start");
        await noteTransport({ sql: api.sql }, false);
        return answered;
      },
    },
  ],
  "POST /api/identities": [
    {
      status: 201,
      call: async (asking) => {
        const flow = await startedLink(asking);
        const callback_url = back(`new ${asking.person.user.id}`);
        const { status, headers, body } = await asking.as.post("/api/identities", { flow, callback_url });
        return { status, headers, body: { provider: body.provider, email: body.email } };
      },
    },
  ],
  "POST /api/signin/oidc": [
    {
      status: 200,
      call: async ({ api, person }) => {
        const [known] = await api.sql<{ subject: string }[]>`
          select subject from api.identities where user_id = ${person.user.id} and id = ${identityId}`;
        const { body } = await api.call("POST", "/api/signin/oidc/start", { body: {} });
        const callback_url = back(known?.subject ?? "");
        return api.call("POST", "/api/signin/oidc", { body: { flow: body.flow, callback_url } });
      },
    },
  ],
};

export const identityExempt: Record<string, string> = {
  "GET /api/signin/oidc": "the provider of the settings, no user's",
  "POST /internal/users": "of one user, for operators; the request names the address: operators.test.ts",
  "POST /api/signin/oidc/start": "records a flow and reads nothing; the caller is not signed in",
};
