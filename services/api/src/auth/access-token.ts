import { createHash, randomBytes } from "node:crypto";

/**
 * A new access token and what is stored of it. 32 random bytes need no slow hash: nobody guesses
 * them.
 */
export function makeAccessToken(): { token: string; hash: Uint8Array } {
  const token = `car_${randomBytes(32).toString("base64url")}`;
  return { token, hash: hashOf(token) };
}

/** What is stored of an access token; null for anything that was never one. */
export const accessTokenHash = (token: string): Uint8Array | null =>
  /^car_[\w-]{43}$/.test(token) ? hashOf(token) : null;

const hashOf = (token: string): Uint8Array => createHash("sha256").update(token).digest();
