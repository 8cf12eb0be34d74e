import { type Static, Type } from "@sinclair/typebox";
import { EmailAddress } from "./email.ts";
import { DateOrder, DayParts, HourCycle, Language, WeekStart } from "./quick-add.ts";
import { Cursor, Instant, InstantInput, limit, Nullable, Page, Strict, TimeZone, Uuid } from "./shared.ts";
import { Text } from "./text.ts";

export const Email = EmailAddress({ examples: ["ada@example.com"] });

/** In code points, as users count characters. */
export const minPasswordLength = 8;
const maxPasswordLength = 256;

/** A new password; that it is not a common one is checked separately. */
export const Password = Text({
  min: minPasswordLength,
  max: maxPasswordLength,
  examples: ["correct horse battery"],
  description: "Not one of the most used passwords, nor the product's name or your own address.",
});
/** A password presented at sign-in: anything that may once have been chosen, in UTF-16 units. */
export const ShownPassword = Type.String({ maxLength: 2 * maxPasswordLength });
const Name = Text({ min: 0, max: 200 });

export const User = Type.Object({
  id: Uuid,
  email: Type.String(),
  email_verified: Type.Boolean({ description: "Whether a link that was mailed there was opened." }),
  name: Type.String(),
  time_zone: TimeZone,
  created_at: Instant,
  has_password: Type.Boolean({
    description: "False for an account made by a provider's sign-in; the way back sets one.",
  }),
  notifications: Type.Object({ email: Type.Boolean() }),
  /** Null: what the browser or the program prefers. */
  language: Nullable(Language),
  date_order: DateOrder,
  hour_cycle: HourCycle,
  week_start: WeekStart,
  day_parts: DayParts,
});
export type User = Static<typeof User>;

/** `GET /api/auth/mail`: why nothing is sent to the user's address; null while mail goes there. */
export const MailState = Type.Object({
  stopped: Nullable(
    Type.Object({ reason: Type.Union([Type.Literal("bounced"), Type.Literal("complained")]), since: Instant }),
  ),
});
export type MailState = Static<typeof MailState>;

export const SignUp = Type.Object(
  {
    email: Email,
    password: Password,
    name: Type.Optional(Nullable(Name)),
    time_zone: Type.Optional(Nullable(TimeZone)),
  },
  Strict,
);
export type SignUp = Static<typeof SignUp>;

export const SignIn = Type.Object({ email: Type.String({ maxLength: 1_000 }), password: ShownPassword }, Strict);
export type SignIn = Static<typeof SignIn>;

/** `expires_in` in seconds. */
export const SignedIn = Type.Object({
  user: User,
  access_token: Type.String(),
  token_type: Type.Literal("Bearer"),
  expires_in: Type.Integer(),
});
export type SignedIn = Static<typeof SignedIn>;

export const UserPatch = Type.Object(
  {
    name: Type.Optional(Nullable(Name)),
    time_zone: Type.Optional(Nullable(TimeZone)),
    notifications: Type.Optional(Type.Object({ email: Type.Optional(Type.Boolean()) }, Strict)),
    language: Type.Optional(Nullable(Language)),
    date_order: Type.Optional(Nullable(DateOrder)),
    hour_cycle: Type.Optional(Nullable(HourCycle)),
    week_start: Type.Optional(Nullable(WeekStart)),
    day_parts: Type.Optional(Nullable(Type.Partial(DayParts, Strict))),
  },
  Strict,
);
export type UserPatch = Static<typeof UserPatch>;

export const PasswordChange = Type.Object({ current_password: ShownPassword, new_password: Password }, Strict);
export type PasswordChange = Static<typeof PasswordChange>;

export const EraseMe = Type.Object({ password: ShownPassword }, Strict);

/** What an access token may: `read` and `write` everything of their kind, the others a part. */
export const scopes = ["read", "write", "tasks:read", "tasks:write", "audit:read", "export"] as const;
export const Scope = Type.Union(scopes.map((value) => Type.Literal(value)));
export type Scope = (typeof scopes)[number];

export const NewToken = Type.Object(
  {
    name: Text({ min: 1, max: 100 }),
    scope: Scope,
    /** At most a year ahead, which is also what it is without one. */
    expires_at: Type.Optional(Nullable(InstantInput)),
  },
  Strict,
);
export type NewToken = Static<typeof NewToken>;

export const Token = Type.Object({
  id: Uuid,
  name: Type.String(),
  scope: Scope,
  expires_at: Instant,
  created_at: Instant,
  last_used_at: Nullable(Type.String({ format: "date-time", description: "Within five minutes; null: not used yet." })),
});
export type Token = Static<typeof Token>;

/** The only answer that ever shows the token itself. */
export const CreatedToken = Type.Object({ ...Token.properties, token: Type.String() });
export type CreatedToken = Static<typeof CreatedToken>;

export const ListTokens = Type.Object({ limit: limit(50), cursor: Type.Optional(Cursor) });
export const TokenPage = Page(Token);
export type TokenPage = Static<typeof TokenPage>;
