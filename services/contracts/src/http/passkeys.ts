import { type Static, Type } from "@sinclair/typebox";
import { Instant, Nullable, Strict, Uuid } from "./shared.ts";
import { Text } from "./text.ts";

/** What the browser's own script hands over (WebAuthn Level 3, §5.1): browsers add members that nothing here reads. */
const Encoded = Type.String({ maxLength: 20_000 });
const credential = {
  id: Type.String({ maxLength: 2_000 }),
  rawId: Type.String({ maxLength: 2_000 }),
  type: Type.Literal("public-key"),
};

export const NewCredential = Type.Object({
  ...credential,
  response: Type.Object({
    clientDataJSON: Encoded,
    attestationObject: Encoded,
    transports: Type.Optional(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 10 })),
  }),
});
export type NewCredential = Static<typeof NewCredential>;

export const UsedCredential = Type.Object({
  ...credential,
  response: Type.Object({
    clientDataJSON: Encoded,
    authenticatorData: Encoded,
    signature: Encoded,
    userHandle: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
  }),
});
export type UsedCredential = Static<typeof UsedCredential>;

/** `POST /api/passkeys`: what the browser made of the options, and a name to tell it from others. */
export const NewPasskey = Type.Object(
  { credential: NewCredential, name: Type.Optional(Nullable(Text({ min: 0, max: 100 }))) },
  Strict,
);
export type NewPasskey = Static<typeof NewPasskey>;

export const Passkey = Type.Object({
  id: Uuid,
  name: Type.String(),
  created_at: Instant,
  last_used_at: Nullable(Instant),
});
export type Passkey = Static<typeof Passkey>;

/** Every passkey, the newest first; a user has 20 at most. */
export const PasskeyList = Type.Object({ data: Type.Array(Passkey) });
export type PasskeyList = Static<typeof PasskeyList>;

/** `POST /api/signin/passkey`. */
export const PasskeySignIn = Type.Object({ credential: UsedCredential }, Strict);
export type PasskeySignIn = Static<typeof PasskeySignIn>;

/** For `navigator.credentials`, as JSON: `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`. */
export const CredentialOptions = Type.Object({ challenge: Type.String() }, { additionalProperties: true });
