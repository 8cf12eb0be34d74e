import { createHash } from "node:crypto";

/** By this a challenge is found again; it has 256 random bits. */
export const challengeHash = (challenge: string): Buffer =>
  createHash("sha256").update(`passkey sign-in ${challenge}`).digest();
