import { type Static, Type } from "@sinclair/typebox";
import { DateOrder, HourCycle, Language } from "./quick-add.ts";
import { Instant, Nullable, Strict, Uuid } from "./shared.ts";

/**
 * What a mail about an account says. `reset`, `verify` and `email_change` open something: a new password, the proof of an address, another
 * address. The others tell the owner what was done with the account.
 */
export const letterKinds = [
  "reset",
  "verify",
  "email_change",
  "email_change_asked",
  "email_changed",
  "password_changed",
  "new_sign_in",
  "new_token",
  "factor_changed",
  "channel_test",
] as const;
export const LetterKind = Type.Union(letterKinds.map((value) => Type.Literal(value)));
export type LetterKind = (typeof letterKinds)[number];

/** What a letter tells besides its kind, in words of our own: no mail quotes what a user typed. */
export const LetterDetails = Type.Object({
  client: Type.Optional(Type.String()),
  address: Type.Optional(Nullable(Type.String())),
});
export type LetterDetails = Static<typeof LetterDetails>;

const letter = { user_id: Uuid, id: Uuid };

/** A mail about an account, for notification to send: to whom, what it is about, and for a link its last part. */
export const Letter = Type.Object({
  ...letter,
  kind: LetterKind,
  email: Type.String(),
  name: Type.String(),
  time_zone: Type.String(),
  language: Language,
  /** An api of an older release does not send them: as usual. */
  hour_cycle: Type.Optional(HourCycle),
  date_order: Type.Optional(DateOrder),
  created_at: Instant,
  tries: Type.Integer({ minimum: 1 }),
  token: Nullable(Type.String()),
  details: Nullable(LetterDetails),
});
export type Letter = Static<typeof Letter>;

/** `POST /internal/letters/take` (notification → api): `goes_out` is false where mail only goes to a folder. */
export const TakeLetters = Type.Object({ goes_out: Type.Optional(Type.Boolean()) }, Strict);
export type TakeLetters = Static<typeof TakeLetters>;

/** Letters to send now; each is the asker's until its lease ends. */
export const Letters = Type.Object({ letters: Type.Array(Letter) });
export type Letters = Static<typeof Letters>;

/** `POST /internal/mail/bounces` (notification → api): addresses of which the mail server says for good that they do not exist. */
export const Bounces = Type.Object(
  { emails: Type.Array(Type.String({ maxLength: 1_000 }), { minItems: 1, maxItems: 100 }) },
  Strict,
);

/** Letters of one step. */
export const maxLetters = 50;

/** `POST /internal/letters/results` (notification → api): `delay_ms` until the next try, null for none. */
export const LetterResults = Type.Object(
  {
    results: Type.Array(
      Type.Object({ ...letter, delay_ms: Nullable(Type.Integer({ minimum: 0, maximum: 86_400_000 })) }, Strict),
      { minItems: 1, maxItems: maxLetters },
    ),
  },
  Strict,
);
export type LetterResults = Static<typeof LetterResults>;
