import { OAuth2Server } from "oauth2-mock-server";
import { noteTransport } from "../src/auth/index.ts";
import { openIdProvider } from "../src/auth/oidc/openid-provider.ts";
import type { ApiDeps } from "../src/deps.ts";
import { type Answered, type Harness, type Person, startApi } from "./harness.ts";

type Claims = Record<string, unknown>;
type Params = { [name: string]: string | string[] | undefined };

/** A provider that answers as told, and what it was asked. */
export async function startProvider() {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  const issuer = server.issuer.url ?? "";
  let subjects = 0;
  const told = {
    /** Of the person who signs in there. */
    claims: {} as Claims,
    /** Instead of the ID token that it would send. */
    idToken: null as null | ((token: string) => string),
    metadata: {} as Claims,
    /** Its clock goes with the one of the tests. */
    now: () => new Date(),
  };
  const asked: { tokens: Params[] } = { tokens: [] };
  server.service.on("beforeTokenSigning", ({ payload }) => {
    const at = Math.floor(told.now().getTime() / 1_000);
    Object.assign(payload, { iat: at, nbf: at - 10, exp: at + 3_600 }, told.claims);
    for (const [name, value] of Object.entries(told.claims)) if (value === undefined) delete payload[name];
  });
  server.service.on("beforeResponse", (response, request) => {
    asked.tokens.push(request.body as Params);
    if (told.idToken && typeof response.body === "object" && response.body !== null && "id_token" in response.body)
      response.body.id_token = told.idToken(String(response.body.id_token));
  });
  server.service.on("beforeWellKnownOpenIdConfiguration", (response) => {
    Object.assign(response.body as object, told.metadata);
  });
  return {
    issuer,
    told,
    asked,
    deps: (deps: ApiDeps): ApiDeps => ({
      ...deps,
      provider: openIdProvider(
        { issuer: new URL(issuer), clientId: "carillon", clientSecret: "the secret of the tests", name: "Example" },
        deps.settings.publicUrl,
        deps.clock,
      ),
    }),
    /** A person who is known there, and whose address it has proven. */
    person: (email = `provider-${++subjects}@example.com`): Claims & { email: string; sub: string } => ({
      sub: `subject-${++subjects}`,
      email,
      email_verified: true,
      name: "Ada",
    }),
    /** Answers as it does by itself again. */
    reset: () => void Object.assign(told, { claims: {}, idToken: null, metadata: {} }),
    stop: () => server.stop(),
  };
}

/** A provider with the tests' clock, and an api that signs in with it and proves addresses by mail. */
export async function startWithProvider(): Promise<{ rig: ProviderRig; api: Harness }> {
  const rig = await startProvider();
  const api = await startApi({}, rig.deps);
  rig.told.now = api.clock.now;
  await noteTransport({ sql: api.sql }, true);
  return { rig, api };
}

/** An answer's status and the code of its problem. */
export const problemOf = ({ status, body }: { status: number; body: { type?: string } }) => [
  status,
  body.type?.replace("urn:carillon:problem:", ""),
];

export type ProviderRig = Awaited<ReturnType<typeof startProvider>>;

export type Started = { url: string; flow: string };

/** What a browser does, with api behind it. */
export function browserOf(harness: () => Harness, rig: () => ProviderRig) {
  const post = (path: string, body: object | undefined, token: string | null = null) =>
    harness().call("POST", path, { token, ...(body === undefined ? {} : { body }) });
  /** The address that the provider sends the browser back to. */
  const visit = async (url: string): Promise<string> => {
    const { headers } = await fetch(url, { redirect: "manual" });
    return headers.get("location") ?? "";
  };
  const start = async (body: object = {}): Promise<Started> => (await post("/api/signin/oidc/start", body)).body;
  const finish = ({ flow }: Pick<Started, "flow">, callback_url: string, more: object = {}): Promise<Answered> =>
    post("/api/signin/oidc", { flow, callback_url, ...more });
  return {
    visit,
    start,
    finish,
    startLink: ({ token }: Pick<Person, "token">) => post("/api/identities/start", undefined, token),
    link: ({ token }: Pick<Person, "token">, { flow }: Pick<Started, "flow">, callback_url: string) =>
      post("/api/identities", { flow, callback_url }, token),
    /** The whole way, as this person of the provider. */
    async signIn(claims: Claims, body: object = {}): Promise<Answered> {
      rig().told.claims = claims;
      const started = await start(body);
      return finish(started, await visit(started.url));
    },
    async linkAs(person: Pick<Person, "token">, claims: Claims): Promise<Answered> {
      rig().told.claims = claims;
      const { body: started } = await post("/api/identities/start", undefined, person.token);
      return post("/api/identities", { flow: started.flow, callback_url: await visit(started.url) }, person.token);
    },
  };
}
