import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { isUuid } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { errors, jwtVerify, SignJWT } from "jose";

export type SessionClaims = { userId: string; sessionId: string };
/** As a token tells them; `expiresAt` is the token's own end, the session may live longer. */
type ReadClaims = SessionClaims & { expiresAt: Date };

/**
 * Everything derived from `JWT_SECRET`: session tokens, unforgeable cursors, and sealed answers.
 */
export type Seals = {
  /** A JWT (HS256) that names a session row; the row decides, not the token. */
  issueSession(claims: SessionClaims & { issuedAt: Date; expiresAt: Date }): Promise<string>;
  /** The claims of a token of ours that has not expired, else null. */
  readSession(token: string, now: Date): Promise<ReadClaims | null>;
  /** A cursor that opens only with the same `scope` (user, filter, sort). */
  sealCursor(scope: string, position: unknown): string;
  /** @throws Problem 422 when it was made with another scope, or is forged. */
  openCursor<Position>(scope: string, cursor: string): Position;
  /** Text that only `openDevice` opens. */
  sealDevice(device: string): string;
  /** The text given to `sealDevice`; null for anything else. */
  openDevice(sealed: string): string | null;
  /**
   * HMAC-SHA256: recognises a text without storing it, and without the secret no guess can be tested
   * against it.
   */
  digest(text: string): Uint8Array;
  encrypt(plain: string): Uint8Array;
  decrypt(sealed: Uint8Array): string;
  /** The secret of a user's factor, encrypted for this user's row alone. */
  sealFactor(userId: string, secret: string): Uint8Array;
  /** The secret given to `sealFactor`; null for another user's, and for one sealed under another `JWT_SECRET`. */
  openFactor(userId: string, sealed: Uint8Array): string | null;
  /** The address and secrets of a user's channel, encrypted for this user's row alone. */
  sealChannel(userId: string, plain: string): Uint8Array;
  /** As `openFactor`. */
  openChannel(userId: string, sealed: Uint8Array): string | null;
};

export async function createSeals(jwtSecret: string): Promise<Seals> {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", jwtSecret, "", `carillon ${purpose}`, 32));
  const cursorKey = derive("cursor");
  const deviceKey = derive("device");
  const boxKey = derive("answer");
  const digestKey = derive("digest");
  const factorKey = derive("factor");
  const channelKey = derive("channel");
  const signing = { name: "HMAC", hash: "SHA-256" };
  const jwtKey = await crypto.subtle.importKey("raw", new TextEncoder().encode(jwtSecret), signing, false, [
    "sign",
    "verify",
  ]);
  return {
    issueSession: async ({ userId, sessionId, issuedAt, expiresAt }) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setSubject(userId)
        .setIssuedAt(seconds(issuedAt))
        .setExpirationTime(seconds(expiresAt))
        .sign(jwtKey),
    async readSession(token, now) {
      try {
        const { payload } = await jwtVerify<{ sid: string }>(token, jwtKey, {
          algorithms: ["HS256"],
          currentDate: now,
        });
        const { sub, sid, exp = 0 } = payload;
        return sub && isUuid(sub) && isUuid(sid)
          ? { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1_000) }
          : null;
      } catch (error) {
        // Whatever else fails says nothing about the token, and must not count as its end.
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
    sealCursor: (scope, position) => seal(cursorKey, scope, JSON.stringify(position)),
    openCursor<Position>(scope: string, cursor: string): Position {
      const body = open(cursorKey, scope, cursor);
      if (body === null)
        throw invalid({ pointer: "cursor", detail: "belongs to another list, filter or sort; start again without it" });
      // Sound: only `sealCursor` with this very scope can have produced these bytes.
      return JSON.parse(body) as Position;
    },
    sealDevice: (device) => seal(deviceKey, "", device),
    openDevice: (sealed) => open(deviceKey, "", sealed),
    digest: (text) => createHmac("sha256", digestKey).update(text).digest(),
    encrypt: (plain) => encrypt(boxKey, "", plain),
    decrypt: (sealed) => decrypt(boxKey, "", sealed),
    sealFactor: (userId, secret) => encrypt(factorKey, userId, secret),
    openFactor: (userId, sealed) => decryptIfOurs(factorKey, userId, sealed),
    sealChannel: (userId, plain) => encrypt(channelKey, userId, plain),
    openChannel: (userId, sealed) => decryptIfOurs(channelKey, userId, sealed),
  };
}

/** AES-256-GCM: nonce, text, tag. `owner` is not in it, and it opens with no other. */
function encrypt(key: Buffer, owner: string, plain: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(owner));
  return Buffer.concat([nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

function decryptIfOurs(key: Buffer, owner: string, sealed: Uint8Array): string | null {
  try {
    return decrypt(key, owner, sealed);
  } catch {
    return null;
  }
}

/** @throws Error for what `encrypt` did not make with this key and owner. */
function decrypt(key: Buffer, owner: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(-16));
  return decipher.update(bytes.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
}

const markBytes = 16;

function seal(key: Buffer, scope: string, text: string): string {
  const body = Buffer.from(text);
  return Buffer.concat([mark(key, scope, body), body]).toString("base64url");
}

/** The text given to `seal` with this key and scope; null for any other input. */
function open(key: Buffer, scope: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  const body = bytes.subarray(markBytes);
  const isGenuine = bytes.length > markBytes && timingSafeEqual(bytes.subarray(0, markBytes), mark(key, scope, body));
  // Base64 has several spellings of the same bytes; only one of them is ours.
  return isGenuine && bytes.toString("base64url") === sealed ? body.toString() : null;
}

const mark = (key: Buffer, scope: string, body: Buffer): Buffer =>
  createHmac("sha256", key).update(scope).update("\0").update(body).digest().subarray(0, markBytes);

const seconds = (date: Date): number => Math.floor(date.getTime() / 1_000);
