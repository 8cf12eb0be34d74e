import { type Static, Type } from "@sinclair/typebox";
import { Email, Password, ShownPassword } from "./auth.ts";
import { Strict } from "./shared.ts";

/** `POST /api/auth/forgot`: any text is answered alike, whether it is an account's address or none. */
export const Forgot = Type.Object({ email: Type.String({ maxLength: 1_000 }) }, Strict);
export type Forgot = Static<typeof Forgot>;

/** The last part of a mail's link. */
const LinkToken = Type.String({ maxLength: 500 });

/** `POST /api/auth/reset`: the last part of the mail's link, and what the password is from now on. */
export const Reset = Type.Object({ token: LinkToken, new_password: Password }, Strict);
export type Reset = Static<typeof Reset>;

/** `POST /api/auth/verify`: proves the address that the link was mailed to. */
export const Verify = Type.Object({ token: LinkToken }, Strict);
export type Verify = Static<typeof Verify>;

/** `POST /api/auth/email`: the address that the account has once its link is opened. */
export const EmailChange = Type.Object({ new_email: Email, password: ShownPassword }, Strict);
export type EmailChange = Static<typeof EmailChange>;

/** `POST /api/auth/proof`: proves the password again, for what asks for a recent proof. */
export const ProofOfPassword = Type.Object({ password: ShownPassword }, Strict);
export type ProofOfPassword = Static<typeof ProofOfPassword>;
