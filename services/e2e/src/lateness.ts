import type { Mail } from "./oracles.ts";

/** A period in which something was broken. */
export type Outage = { what: string; from: number; healed: number };

export type Due = { name: string; at: number };

/** How long after a fault heals everything due must have rung. */
const graceMs = 30_000;

/**
 * The reminders whose mail is missing, early, or later than 30 s after its instant and after every
 * fault at that instant. Milliseconds.
 */
export function untimely(due: readonly Due[], mails: readonly Mail[], outages: readonly Outage[]): object[] {
  const sentAt = new Map(mails.map(({ name, atMs }) => [name, atMs]));
  return due.flatMap(({ name, at }) => {
    const sent = sentAt.get(name);
    const until = latest(at, outages);
    if (sent === undefined) return [{ name, at, why: "no mail" }];
    if (sent < at) return [{ name, at, why: `${Math.round(at - sent)} ms early` }];
    return sent > until ? [{ name, at, why: `${Math.round(sent - at)} ms late`, allowed: Math.round(until - at) }] : [];
  });
}

/** A fault within the grace period of the previous one extends it. */
function latest(at: number, outages: readonly Outage[]): number {
  let until = at + graceMs;
  for (const { from, healed } of outages.toSorted((one, other) => one.from - other.from)) {
    if (healed > at && from < until) until = Math.max(until, healed + graceMs);
  }
  return until;
}
