import { type Static, Type } from "@sinclair/typebox";
import { EventData } from "../event.ts";
import { Uuid } from "../http/shared.ts";

/** `user.erased`, version 1: every service removes what it keeps of this user. */
export const UserErased = Type.Object(EventData.properties);
export type UserErased = Static<typeof UserErased>;

/** `session.revoked`, version 1: this session's or access token's streams end now. */
export const SessionRevoked = Type.Object({ ...EventData.properties, session_id: Uuid });
export type SessionRevoked = Static<typeof SessionRevoked>;
