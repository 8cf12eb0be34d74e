import { type Static, Type } from "@sinclair/typebox";
import { Instant, Nullable, Uuid } from "./shared.ts";

/** A place where the user is signed in. `client` is the browser or program in words; both it and `address` are what the sign-in came with. */
export const Session = Type.Object({
  id: Uuid,
  created_at: Instant,
  last_used_at: Instant,
  client: Type.String({ examples: ["Firefox on Linux"] }),
  address: Nullable(Type.String({ examples: ["203.0.113.9"] })),
  current: Type.Boolean({ description: "This is the session that asks." }),
});
export type Session = Static<typeof Session>;

/** Every living session, the last used first; a user has 100 at most. */
export const SessionList = Type.Object({ data: Type.Array(Session) });
export type SessionList = Static<typeof SessionList>;
