import { type Static, Type } from "@sinclair/typebox";
import { Instant } from "./shared.ts";

/** `GET /internal/clock` (web and realtime in processes of their own → api): the database's current time. */
export const ApiTime = Type.Object({ now: Instant });
export type ApiTime = Static<typeof ApiTime>;
