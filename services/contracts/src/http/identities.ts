import { type Static, Type } from "@sinclair/typebox";
import { Instant, Nullable, Strict, TimeZone, Uuid } from "./shared.ts";

/** `GET /api/signin/oidc`: the OpenID provider that signs people in beside passwords and passkeys. */
export const SignInProvider = Type.Object({
  name: Nullable(Type.String({ description: "As buttons name it; null: none is set up." })),
});
export type SignInProvider = Static<typeof SignInProvider>;

/** `POST /api/signin/oidc/start`. */
export const ProviderStart = Type.Object(
  {
    again: Type.Optional(
      Type.Boolean({
        description: "The provider asks for its own password or factor again: a proof for what is dangerous.",
      }),
    ),
  },
  Strict,
);

/** Where the browser goes on, and what it keeps meanwhile, where no script and no other site reads it. */
export const ProviderGo = Type.Object({
  url: Type.String({ description: "The provider's page." }),
  flow: Type.String({ description: "Comes back with the provider's answer, once." }),
  expires_in: Type.Integer({ description: "Seconds." }),
});
export type ProviderGo = Static<typeof ProviderGo>;

const returned = {
  flow: Type.String({ maxLength: 200 }),
  callback_url: Type.String({
    maxLength: 8_000,
    description: "The whole address at which the provider's answer came.",
  }),
};

/** `POST /api/signin/oidc`; `time_zone`: of an account that this makes. */
export const ProviderSignIn = Type.Object({ ...returned, time_zone: Type.Optional(Nullable(TimeZone)) }, Strict);
export type ProviderSignIn = Static<typeof ProviderSignIn>;

/** `POST /api/identities`. */
export const NewIdentity = Type.Object(returned, Strict);
export type NewIdentity = Static<typeof NewIdentity>;

/** An account at the provider that opens the account here. */
export const Identity = Type.Object({
  id: Uuid,
  provider: Type.String({ description: "The provider's name, or its address where it is not the one set up now." }),
  email: Nullable(Type.String({ description: "The address it has at the provider." })),
  created_at: Instant,
  last_used_at: Nullable(Instant),
});
export type Identity = Static<typeof Identity>;

/** Every one, the newest first; a user has 5 at most. */
export const IdentityList = Type.Object({ data: Type.Array(Identity) });
export type IdentityList = Static<typeof IdentityList>;
