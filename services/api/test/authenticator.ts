import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** What a dishonest or foreign authenticator does otherwise. */
export type Odd = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  flags?: number;
  counter?: number;
  handle?: string;
};

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64url");
const sha256 = (text: string | Uint8Array): Buffer => createHash("sha256").update(text).digest();

/** Present and verified; with credential data. */
const seen = 0x05;
const withCredential = 0x40;

const dataOf = (type: string, challenge: string, origin: string) =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
const authData = (rpId: string, flags: number, count: number) => {
  const counted = Buffer.alloc(4);
  counted.writeUInt32BE(count);
  return Buffer.concat([sha256(rpId), Buffer.from([flags]), counted]);
};

/** An authenticator in software, with one ES256 key: what a browser hands over, in the browser's own JSON. */
export function softAuthenticator() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(32);
  let counter = 0;
  /** CBOR of the COSE key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
  const coseKey = Buffer.concat([
    Buffer.from("a5010203262001215820", "hex"),
    Buffer.from(x, "base64url"),
    Buffer.from("225820", "hex"),
    Buffer.from(y, "base64url"),
  ]);

  return {
    id: base64url(id),
    publicKey: coseKey,
    /** The answer to the options of `POST /api/passkeys/options`. */
    create(options: { challenge: string; rp: { id: string } }, odd: Odd = {}) {
      const { origin = "http://localhost:3000", rpId = options.rp.id, challenge = options.challenge } = odd;
      const flags = (odd.flags ?? seen) | withCredential;
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey]);
      const data = Buffer.concat([authData(rpId, flags, odd.counter ?? counter), attested]);
      // {"fmt": "none", "attStmt": {}, "authData": bytes}
      const head = Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746159", "hex");
      const length = Buffer.from([data.length >> 8, data.length & 0xff]);
      return {
        id: base64url(id),
        rawId: base64url(id),
        type: "public-key",
        response: {
          clientDataJSON: base64url(dataOf("webauthn.create", challenge, origin)),
          attestationObject: base64url(Buffer.concat([head, length, data])),
          transports: ["internal"],
        },
        clientExtensionResults: {},
        authenticatorAttachment: "platform",
      };
    },
    /** The answer to the options of `POST /api/signin/passkey/options`. */
    use(options: { challenge: string; rpId: string }, userId: string, odd: Odd = {}) {
      const { origin = "http://localhost:3000", rpId = options.rpId, challenge = options.challenge } = odd;
      counter += 1;
      const authenticatorData = authData(rpId, odd.flags ?? seen, odd.counter ?? counter);
      const clientData = dataOf("webauthn.get", challenge, origin);
      const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
      return {
        id: base64url(id),
        rawId: base64url(id),
        type: "public-key",
        response: {
          clientDataJSON: base64url(clientData),
          authenticatorData: base64url(authenticatorData),
          signature: base64url(signature),
          userHandle: odd.handle ?? base64url(Buffer.from(userId.replaceAll("-", ""), "hex")),
        },
        clientExtensionResults: {},
      };
    },
  };
}
