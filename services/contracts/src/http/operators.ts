import { type Static, Type } from "@sinclair/typebox";
import { Instant, Strict, Uuid } from "./shared.ts";

/** What an operator does with an account: looks, ends what is signed in, removes a way in or a second lock, has a way back mailed. */
export const operatorActs = [
  "find",
  "end-sessions",
  "remove-app",
  "remove-passkeys",
  "remove-provider",
  "send-reset",
] as const;
export type OperatorAct = (typeof operatorActs)[number];

/** `POST /internal/users`, for ops. */
export const OperatorRequest = Type.Object(
  { email: Type.String({ maxLength: 1_000 }), act: Type.Union(operatorActs.map((act) => Type.Literal(act))) },
  Strict,
);
export type OperatorRequest = Static<typeof OperatorRequest>;

/** An account as an operator sees it, after the act: counts, and nothing of its tasks. */
export const AccountFacts = Type.Object({
  user_id: Uuid,
  created_at: Instant,
  email_verified: Type.Boolean(),
  has_password: Type.Boolean(),
  has_app: Type.Boolean(),
  passkeys: Type.Integer(),
  identities: Type.Integer(),
  sessions: Type.Integer(),
  tokens: Type.Integer(),
});
export type AccountFacts = Static<typeof AccountFacts>;
