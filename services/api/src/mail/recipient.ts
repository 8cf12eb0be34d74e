import { addressKey } from "@carillon/contracts/http/email";
import type { ApiDeps } from "../deps.ts";

/** Stands for an address where it must be recognised and not be read: equal for equal addresses. */
export const recipientOf = ({ seals }: Pick<ApiDeps, "seals">, email: string): Buffer =>
  Buffer.from(seals.digest(`recipient ${addressKey(email)}`));
