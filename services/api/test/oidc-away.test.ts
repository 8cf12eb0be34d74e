import { afterEach, expect, test } from "bun:test";
import { openIdProvider } from "../src/auth/oidc/openid-provider.ts";
import { ProviderAway, ProviderRefused } from "../src/auth/oidc/provider.ts";
import { startApi } from "./harness.ts";

const servers: Bun.Server<undefined>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true);
});

/** A provider that answers with `fetch`, in the time that an impatient product gives it. */
function providerThat(fetch: (request: Request, origin: string) => Response | Promise<Response>, maxMs = 300) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, { port }) => fetch(request, `http://127.0.0.1:${port}`),
  });
  servers.push(server);
  return openIdProvider(
    {
      issuer: new URL(`http://127.0.0.1:${server.port}`),
      clientId: "carillon",
      clientSecret: "secret",
      name: "Example",
    },
    new URL("http://localhost:3000"),
    { now: () => new Date() },
    maxMs,
  );
}

const secrets = { state: "s", nonce: "n", verifier: "v".repeat(43) };
const callback = "http://localhost:3000/sign-in/provider/callback?code=c&state=s";
const ask = async (provider: ReturnType<typeof providerThat>, again = false) =>
  provider.personOf(callback, secrets, { again }).catch((error: unknown) => error);
const metadata = (issuer: string, more: object = {}) =>
  Response.json({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    ...more,
  });
const isMetadata = (request: Request) => request.url.endsWith("/.well-known/openid-configuration");

test("a provider that says nothing, breaks off, errs or never ends keeps no request: it is away", async () => {
  const endless = () =>
    new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(64 * 1024).fill(32)) }), {
      headers: { "content-type": "application/json" },
    });
  const answers: Record<string, () => Response | Promise<Response>> = {
    silent: () => new Promise<Response>(() => {}),
    dripping: () => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(1)) })),
    endless,
    broken: () => new Response("x", { status: 502 }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    expect([name, await ask(providerThat(answer))]).toEqual([name, expect.any(ProviderAway)]);
    const later = providerThat((request, origin) => (isMetadata(request) ? metadata(origin) : answer()));
    expect([name, await ask(later)]).toEqual([name, expect.any(ProviderAway)]);
    expect((await later.pageFor(secrets, { again: false })).pathname).toBe("/authorize");
  }
});

test("a redirect of the provider is followed nowhere, and an address without TLS is asked for nothing", async () => {
  const elsewhere = providerThat(
    () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } }),
  );
  expect(await ask(elsewhere)).toBeInstanceOf(ProviderRefused);
  for (const token_endpoint of [
    "http://provider.example/token",
    "http://10.0.0.1/token",
    "http://localhost.example/token",
  ]) {
    const provider = providerThat((_request, origin) => metadata(origin, { token_endpoint }));
    expect(await ask(provider)).toBeInstanceOf(ProviderAway);
  }
});

test("a provider that offers plain PKCE alone, or says to be another, is refused", async () => {
  const plain = providerThat((_request, origin) => metadata(origin, { code_challenge_methods_supported: ["plain"] }));
  const refused = await plain.pageFor(secrets, { again: false }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: "ProviderRefused", reason: "pkce_plain" });
  const other = providerThat(() => metadata("https://evil.example"));
  expect(await other.pageFor(secrets, { again: false }).catch((error: unknown) => error)).toBeInstanceOf(
    ProviderRefused,
  );
});

test("a provider that was away is asked again, and its metadata are read once an hour", async () => {
  let reads = 0;
  const provider = providerThat((_request, origin) =>
    reads++ === 0 ? new Response(null, { status: 500 }) : metadata(origin),
  );
  expect(await provider.pageFor(secrets, { again: false }).catch((error: unknown) => error)).toBeInstanceOf(
    ProviderAway,
  );
  for (let times = 0; times < 3; times++) await provider.pageFor(secrets, { again: false });
  expect(reads).toBe(2);
});

test("while the provider is away its sign-in says so, and every other goes on", async () => {
  const provider = providerThat(() => new Promise<Response>(() => {}));
  const api = await startApi({}, (deps) => ({ ...deps, provider }));
  try {
    const ada = await api.signUp();
    const [away, here] = await Promise.all([
      api.call("POST", "/api/signin/oidc/start", { body: {} }),
      api.call("POST", "/api/signin", { body: { email: ada.email, password: ada.password } }),
    ]);
    expect([away.status, away.headers.get("retry-after"), here.status]).toEqual([503, "5", 200]);
    expect(away.body.detail).toBe("Example does not answer right now. Try again, or sign in another way.");
  } finally {
    await api.close();
  }
});
