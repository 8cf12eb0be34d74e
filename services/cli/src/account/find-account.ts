import { createHash } from "node:crypto";
import { Failure, UsageError } from "../exit.ts";
import type { World } from "../world.ts";
import { readCredentials } from "./credentials.ts";

/** Whose calls these are, and where they go. */
export type Account = {
  url: URL;
  token: string;
  /** A session's token can be renewed; one from CARILLON_TOKEN is left as it is. */
  isSession: boolean;
  /** The same for the same user of the same product; what is kept here belongs to it. */
  key: string;
};

export const usualUrl = "http://localhost:8000";

/** @throws UsageError when it is no address of a product. */
export function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
  throw new UsageError(`"${text}" is no address; it looks like https://tasks.example.com.`);
}

/** @throws Failure "signIn" without a sign-in for that product: a token goes only to the product that gave it. */
export function findAccount(world: Pick<World, "env" | "home">): Account {
  const { CARILLON_URL: given, CARILLON_TOKEN: token } = world.env;
  const { signIn } = readCredentials(world);
  const url = readUrl(given || signIn?.url || usualUrl);
  if (token) {
    if (!/^[\w.~+/-]+=*$/.test(token)) throw new Failure("signIn", "CARILLON_TOKEN holds no access token.");
    return { url, token, isSession: false, key: keyOf(url, token) };
  }
  if (signIn === null) throw new Failure("signIn", "Sign in first: carillon login, or set CARILLON_TOKEN.");
  if (new URL(signIn.url).origin !== url.origin)
    throw new Failure(
      "signIn",
      `You are signed in at ${signIn.url}, not at ${url.origin}: carillon login --url ${url.origin}.`,
    );
  return { url, token: signIn.token, isSession: signIn.kind === "session", key: keyOf(url, signIn.userId) };
}

const keyOf = (url: URL, who: string): string =>
  createHash("sha256").update(`${url.origin}\n${who}`).digest("hex").slice(0, 32);
