import { Elysia } from "elysia";
import type { Live } from "./live.ts";
import { socketRoute } from "./open-socket.ts";
import { streamRoute } from "./open-stream.ts";

/** `GET /stream` and `/ws` for one listener. */
export const liveRoutes = (live: Live) => new Elysia().use(streamRoute(live)).use(socketRoute(live));
