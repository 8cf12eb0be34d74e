import { type Static, Type } from "@sinclair/typebox";
import { Password } from "./auth.ts";
import { Instant, Strict, Uuid } from "./shared.ts";

/** `POST /api/auth/forgot`: any text is answered alike, whether it is an account's address or none. */
export const Forgot = Type.Object({ email: Type.String({ maxLength: 1_000 }) }, Strict);
export type Forgot = Static<typeof Forgot>;

/** `POST /api/auth/reset`: the last part of the mail's link, and what the password is from now on. */
export const Reset = Type.Object({ token: Type.String({ maxLength: 500 }), new_password: Password }, Strict);
export type Reset = Static<typeof Reset>;

/** What a mail about an account says: a way back in, or that something was done with the account. */
export const LetterKind = Type.Union([Type.Literal("reset"), Type.Literal("password_changed")]);
export type LetterKind = Static<typeof LetterKind>;

const letter = { user_id: Uuid, id: Uuid };

/** A mail about an account, for notification to send: to whom, what it is about, and for a way back the link's last part. */
export const Letter = Type.Object({
  ...letter,
  kind: LetterKind,
  email: Type.String(),
  name: Type.String(),
  time_zone: Type.String(),
  created_at: Instant,
  tries: Type.Integer({ minimum: 1 }),
  token: Type.Union([Type.String(), Type.Null()]),
});
export type Letter = Static<typeof Letter>;

/** `POST /internal/letters/take` (notification → api): letters to send now; each is the asker's for a minute. */
export const Letters = Type.Object({ letters: Type.Array(Letter) });
export type Letters = Static<typeof Letters>;

/** Letters of one step. */
export const maxLetters = 50;

/** `POST /internal/letters/results` (notification → api): `delay_ms` until the next try, null for none. */
export const LetterResults = Type.Object(
  {
    results: Type.Array(
      Type.Object(
        { ...letter, delay_ms: Type.Union([Type.Integer({ minimum: 0, maximum: 86_400_000 }), Type.Null()]) },
        Strict,
      ),
      { minItems: 1, maxItems: maxLetters },
    ),
  },
  Strict,
);
export type LetterResults = Static<typeof LetterResults>;
