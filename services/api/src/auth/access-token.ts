import { createHash, randomBytes } from "node:crypto";

/**
 * A new access token and its stored form. 32 random bytes need no slow hash: they cannot be guessed.
 */
export function makeAccessToken(): { token: string; hash: Uint8Array } {
  const token = `car_${randomBytes(32).toString("base64url")}`;
  return { token, hash: hashOf(token) };
}

/** The stored form of an access token; null for text that was never one. */
export const accessTokenHash = (token: string): Uint8Array | null =>
  /^car_[\w-]{43}$/.test(token) ? hashOf(token) : null;

const hashOf = (token: string): Uint8Array => createHash("sha256").update(token).digest();
