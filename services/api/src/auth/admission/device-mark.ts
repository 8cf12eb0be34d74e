import { deviceHeader } from "@carillon/contracts/names";
import type { ApiDeps } from "../../deps.ts";

/** A browser or program that has signed in to an account, identified by a random id. */
export type Device = { id: string; userId: string };

const markedDays = 180;
const dayMs = 86_400_000;

/** For the API's description. */
export const deviceMarkMeaning =
  "The mark of a device that has signed in before; send it back with the next sign-in, which is then not slowed down by other clients' wrong passwords.";

/**
 * The mark a device gets after signing in and presents at the next sign-in. It contains no secret and
 * cannot be forged.
 */
export function markOf({ seals, newId, clock }: ApiDeps, userId: string, device: Device | null): string {
  const days = Math.floor(clock.now().getTime() / dayMs);
  return seals.sealDevice([userId, device?.id ?? newId(), days].join(" "));
}

/**
 * The device whose mark a request presents; null without one, for one older than 180 days, and for
 * anything that is not ours.
 */
export function deviceOf({ seals, clock }: ApiDeps, request: Request): Device | null {
  const mark = request.headers.get(deviceHeader);
  const opened = mark === null ? null : seals.openDevice(mark);
  if (opened === null) return null;
  const [userId = "", id = "", days] = opened.split(" ");
  const age = Math.floor(clock.now().getTime() / dayMs) - Number(days);
  return age < markedDays ? { id, userId } : null;
}
