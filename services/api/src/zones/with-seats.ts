import type { ApiDeps } from "../deps.ts";
import { seatSome } from "./seat-user.ts";

/** `api`'s dependencies, with one of its own: a change first moves its user's instants if they are stale. */
export function withSeats(given: Omit<ApiDeps, "seatSome">): ApiDeps {
  const deps: ApiDeps = { ...given, seatSome: (userId) => seatSome(deps, userId) };
  return deps;
}
