import { createHash, randomBytes } from "node:crypto";

/** A feed's secret, and its stored form. 32 random bytes need no slow hash: they cannot be guessed. */
export function makeFeedSecret(): { secret: string; hash: Uint8Array } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, hash: hashOf(secret) };
}

/** The stored form of the secret in an address's last part (`….ics`); null for text that was never one. */
export function feedSecretHash(part: string): Uint8Array | null {
  const secret = /^([\w-]{43})\.ics$/.exec(part)?.[1];
  return secret === undefined ? null : hashOf(secret);
}

const hashOf = (secret: string): Uint8Array => createHash("sha256").update(`feed ${secret}`).digest();
