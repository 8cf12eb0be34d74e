import { createHash, randomBytes } from "node:crypto";
import { recoveryCodeCount } from "@carillon/contracts/http/factors";
import type { Change } from "../../change/change.ts";

/** Crockford's base32: no letter looks like a digit. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const codeLength = 16;
const groupLength = 4;

/** Ten codes of 80 random bits each, in groups that are easy to copy. */
export const newRecoveryCodes = (): string[] => Array.from({ length: recoveryCodeCount }, newRecoveryCode);

/** 256 is a multiple of 32: every sign is equally likely. */
const newRecoveryCode = (): string =>
  [...randomBytes(codeLength)]
    .map((byte, at) => `${at > 0 && at % groupLength === 0 ? "-" : ""}${alphabet[byte % alphabet.length]}`)
    .join("");

/** Makes these the account's only recovery codes. */
export async function keepRecoveryCodes({ tx, userId }: Change, codes: readonly string[]): Promise<void> {
  await tx`delete from api.recovery_codes where user_id = ${userId}`;
  for (const code of codes)
    await tx`insert into api.recovery_codes (user_id, code_hash) values (${userId}, ${hashOf(plain(code))})`;
}

/** Uses up a recovery code; false for one that was used or never was. */
export async function useRecoveryCode({ tx, userId }: Change, shown: string): Promise<boolean> {
  const code = plain(shown);
  if (code.length !== codeLength) return false;
  const used = await tx`delete from api.recovery_codes where user_id = ${userId} and code_hash = ${hashOf(code)}`;
  return used.count > 0;
}

/** Without what people add when they copy: hyphens, capitals, an O for a zero. */
const plain = (shown: string): string =>
  shown
    .toLowerCase()
    .replace(/[^0-9a-z]/g, "")
    .replaceAll("o", "0")
    .replace(/[il]/g, "1");

const hashOf = (code: string): Buffer => createHash("sha256").update(`recovery code ${code}`).digest();
