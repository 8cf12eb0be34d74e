import { Secret, TOTP } from "otpauth";

/** As every authenticator app computes it (RFC 6238): SHA-1, six digits, a new code every 30 seconds. */
const appRules = { algorithm: "SHA1", digits: 6, period: 30 } as const;
/** 160 bits, as RFC 4226 §4 recommends. */
const secretBytes = 20;
/** A clock may be off by this many codes. */
const maxSkewSteps = 1;

/** A new secret in base32, as users type it. */
export const newTotpSecret = (): string => new Secret({ size: secretBytes }).base32;

/** The link that an authenticator app reads, usually out of a QR code. */
export const totpUri = (secret: string, email: string): string =>
  new TOTP({ ...appRules, issuer: "Carillon", label: email, secret: Secret.fromBase32(secret) }).toString();

/** The time step that `code` belongs to: the one of `now`, or one beside it. Null for any other code. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const app = new TOTP({ ...appRules, secret: Secret.fromBase32(secret) });
  const timestamp = now.getTime();
  const skew = app.validate({ token: code, timestamp, window: maxSkewSteps });
  return skew === null ? null : app.counter({ timestamp }) + skew;
}
