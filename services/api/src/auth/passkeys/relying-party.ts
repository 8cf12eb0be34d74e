import type { ApiDeps } from "../../deps.ts";

/** How long a challenge of ours may be answered. */
export const challengeMinutes = 5;
export const challengeMs = challengeMinutes * 60_000;

/** EdDSA, ES256 and RS256 (COSE): what every authenticator has, and every runtime can check. */
export const algorithms = [-8, -7, -257];

/** To authenticators Carillon is the host of `PUBLIC_URL`: their passkeys answer no other. */
export const partyOf = ({ settings: { publicUrl } }: Pick<ApiDeps, "settings">) => ({
  id: publicUrl.hostname,
  origin: publicUrl.origin,
});

/** An authenticator keeps a user by the bytes of the id, which say nothing about the user. */
export const handleOf = (userId: string): Uint8Array<ArrayBuffer> => Uint8Array.fromHex(userId.replaceAll("-", ""));

/** The user of a handle; null for what is no id. */
export function userOf(handle: string | null | undefined): string | null {
  const hex = Buffer.from(handle ?? "", "base64url").toString("hex");
  return hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : null;
}

/** Why the library refused a credential, for the log: it quotes challenges and ids, which belong in none. */
export const refusalOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/[\w-]{20,}/g, "…");
