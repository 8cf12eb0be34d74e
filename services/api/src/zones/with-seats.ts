import type { ApiDeps } from "../deps.ts";
import { seatSome } from "./seat-user.ts";

/** What `api` needs from outside, with the one thing it gives itself: a change first has its user's instants moved where they are stale. */
export function withSeats(given: Omit<ApiDeps, "seatSome">): ApiDeps {
  const deps: ApiDeps = { ...given, seatSome: (userId) => seatSome(deps, userId) };
  return deps;
}
