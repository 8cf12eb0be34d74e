import { type Static, Type } from "@sinclair/typebox";
import { ShownPassword } from "./auth.ts";
import { Strict } from "./shared.ts";

/** Codes that an account gets with its authenticator app, each for one sign-in without the app. */
export const recoveryCodeCount = 10;

/** Six digits of an authenticator app, or a recovery code; blanks and hyphens are ignored. */
const ShownCode = Type.String({ maxLength: 64, examples: ["123456"] });

/** `GET /api/auth/totp`: whether sign-in asks for a code of an authenticator app. */
export const TotpState = Type.Object({
  enabled: Type.Boolean(),
  recovery_codes_left: Type.Integer({ description: "Recovery codes that were not used yet." }),
});
export type TotpState = Static<typeof TotpState>;

/** `POST /api/auth/totp`. */
export const TotpStart = Type.Object({ password: ShownPassword }, Strict);
export type TotpStart = Static<typeof TotpStart>;

/** What the app needs: the secret in base32, and the same as a link (`otpauth:`), which a QR code may hold. */
export const TotpSecret = Type.Object({ secret: Type.String(), uri: Type.String() });
export type TotpSecret = Static<typeof TotpSecret>;

/** `POST /api/auth/totp/confirm`: the app's first code. */
export const TotpConfirm = Type.Object({ code: ShownCode }, Strict);
export type TotpConfirm = Static<typeof TotpConfirm>;

/** The only answer that ever shows them. */
export const RecoveryCodes = Type.Object({
  recovery_codes: Type.Array(Type.String({ examples: ["7k3m-9x2c-q4tv-h8pw"] })),
});
export type RecoveryCodes = Static<typeof RecoveryCodes>;

/** `DELETE /api/auth/totp`. */
export const TotpRemoval = Type.Object({ password: ShownPassword, code: ShownCode }, Strict);
export type TotpRemoval = Static<typeof TotpRemoval>;

/** `POST /api/signin/second`: the challenge of the first step's answer, and a code. */
export const SecondStep = Type.Object({ challenge: Type.String({ maxLength: 500 }), code: ShownCode }, Strict);
export type SecondStep = Static<typeof SecondStep>;
