import { isTimeZone } from "@carillon/calendar/zone";
import { explainText } from "@carillon/contracts/http/text";
import type { Clock } from "@carillon/kit/ports";
import type { ClientAuth, Configuration, IDToken, ServerMetadata } from "openid-client";
import { emailKeyOf } from "../user.ts";
import { boundedFetch, maxProviderMs } from "./ask-provider.ts";
import { type FlowSecrets, type ProvenPerson, type Provider, ProviderAway, ProviderRefused } from "./provider.ts";

export type ProviderSettings = { issuer: URL; clientId: string; clientSecret: string; name: string };

/** Registered at the provider to the letter. */
export const callbackPath = "/sign-in/provider/callback";

/** How long the provider's metadata is kept. */
const keptMs = 60 * 60_000;
/** Clocks of two machines may differ by this much. */
const toleranceSeconds = 30;
/** Where the provider had to ask again, its proof is not older. */
const maxAgeSeconds = 300;
const isPlainName = (name: string) => explainText({ minLength: 0, maxLength: 200, multiline: false }, name) === null;

type Library = typeof import("openid-client");
type Known = { metadata: ServerMetadata; readAt: number };

/** A provider by its metadata (OpenID Connect Discovery), which are read at the first sign-in and again after an hour. */
export function openIdProvider(
  settings: ProviderSettings,
  publicUrl: URL,
  clock: Clock,
  maxMs: number = maxProviderMs,
): Provider {
  const redirectUri = new URL(callbackPath, publicUrl).href;
  let known: Known | null = null;

  const configured = async (): Promise<{ library: Library; config: Configuration }> => {
    // Only who has a provider pays for its library.
    const library = await import("openid-client");
    const ask = boundedFetch(AbortSignal.timeout(maxMs));
    const options = { [library.customFetch]: ask };
    const now = clock.now().getTime();
    if (known === null || now - known.readAt > keptMs || now < known.readAt)
      known = { metadata: await discover(library, settings, options), readAt: now };
    return { library, config: configurationOf(library, settings, known.metadata, { ask, skewMs: now - Date.now() }) };
  };

  return {
    name: settings.name,
    issuer: settings.issuer.href,
    redirectUri,
    pageFor: async (secrets, { again }) =>
      told(async () => {
        const { library, config } = await configured();
        return library.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: "openid email profile",
          state: secrets.state,
          nonce: secrets.nonce,
          code_challenge: await library.calculatePKCECodeChallenge(secrets.verifier),
          code_challenge_method: "S256",
          ...(again ? { prompt: "login", max_age: String(maxAgeSeconds) } : {}),
        });
      }),
    personOf: async (callbackUrl, secrets, { again }) =>
      told(async () => {
        const url = new URL(callbackUrl);
        if (`${url.origin}${url.pathname}` !== redirectUri) throw new ProviderRefused("redirect_uri");
        const { library, config } = await configured();
        return toPerson(await claimsOf(library, config, url, { ...secrets, again }), clock.now());
      }),
  };
}

/** @throws ProviderRefused for metadata of another issuer, and where only plain PKCE is offered. */
async function discover(library: Library, { issuer, clientId }: ProviderSettings, options: object) {
  const { discovery, allowInsecureRequests } = library;
  // `boundedFetch` admits no address without TLS but this machine's own.
  const config = await discovery(issuer, clientId, undefined, undefined, {
    ...options,
    execute: [allowInsecureRequests],
  });
  const metadata = config.serverMetadata();
  const { code_challenge_methods_supported: methods } = metadata;
  if (methods !== undefined && !methods.includes("S256")) throw new ProviderRefused("pkce_plain");
  return metadata;
}

type Asking = { ask: ReturnType<typeof boundedFetch>; skewMs: number };

function configurationOf(
  library: Library,
  { clientId, clientSecret }: ProviderSettings,
  metadata: ServerMetadata,
  { ask, skewMs }: Asking,
): Configuration {
  const basic = metadata.token_endpoint_auth_methods_supported?.includes("client_secret_post") !== true;
  const authentication: ClientAuth = (basic ? library.ClientSecretBasic : library.ClientSecretPost)(clientSecret);
  const times = { [library.clockSkew]: Math.round(skewMs / 1_000), [library.clockTolerance]: toleranceSeconds };
  const config = new library.Configuration(metadata, clientId, times, authentication);
  config[library.customFetch] = ask;
  library.allowInsecureRequests(config);
  // The code flow may trust the connection; the signature is checked all the same.
  library.enableNonRepudiationChecks(config);
  return config;
}

/** The claims of an ID token whose signature, issuer, audience, times, nonce and state are right. */
async function claimsOf(
  { authorizationCodeGrant }: Library,
  config: Configuration,
  url: URL,
  { state, nonce, verifier, again }: FlowSecrets & { again: boolean },
): Promise<IDToken> {
  const tokens = await authorizationCodeGrant(config, url, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
    ...(again ? { maxAge: maxAgeSeconds } : {}),
  });
  const claims = tokens.claims();
  if (!claims) throw new ProviderRefused("id_token");
  return claims;
}

function toPerson(claims: IDToken, now: Date): ProvenPerson {
  const { email, email_verified, name, zoneinfo, auth_time } = claims;
  if (!/^[\x20-\x7e]{1,255}$/.test(claims.sub)) throw new ProviderRefused("sub");
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: email_verified === true && emailKeyOf(text(email)) !== null ? text(email).trim() : null,
    name: isPlainName(text(name)) ? text(name).trim() : "",
    timeZone: isTimeZone(text(zoneinfo)) ? text(zoneinfo) : null,
    authenticatedAt: typeof auth_time === "number" ? new Date(Math.min(auth_time * 1_000, now.getTime())) : null,
  };
}

/** What the library throws, in the two ways that matter. */
async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderAway || error instanceof ProviderRefused) throw error;
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      if (cause instanceof ProviderAway) throw cause;
    throw new ProviderRefused(reasonOf(error), { cause: error });
  }
}

/** OAuth's own name of what is wrong (RFC 6749 §4.1.2.1), else the library's. */
function reasonOf(error: unknown): string {
  const { error: named, code } = (error ?? {}) as { error?: unknown; code?: unknown };
  const reason = typeof named === "string" ? named : code;
  return typeof reason === "string" && /^[\w.-]{1,60}$/.test(reason) ? reason : "unknown";
}
