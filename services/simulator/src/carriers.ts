import { MailFailure } from "@carillon/adapters/mail";
import { appTokenHeader, type ServiceName, type Topic } from "@carillon/contracts/names";
import { carrierCounts } from "@carillon/events/consume";
import type { Alarms, EventBus, Mail, Mailer, Message } from "@carillon/kit/ports";
import type { Faults } from "./faults.ts";
import type { Random } from "./random.ts";

export type Door = { handle(request: Request): Response | Promise<Response> };

/** The consumers of each topic, and whether a sweep finds again what is lost on the way. */
export const readers = [
  { service: "audit", topic: "task-events", route: "/events/task-events", heals: false },
  { service: "recurring", topic: "task-events", route: "/events/task-events", heals: true },
  { service: "notification", topic: "reminders", route: "/events/reminders", heals: true },
] as const satisfies readonly { service: ServiceName; topic: Topic; route: string; heals: boolean }[];
export type Reader = (typeof readers)[number];

export type SimulatedBus = EventBus & {
  /**
   * Delivers some events of one user to a consumer, perhaps again, perhaps some of them never. Returns
   * whether there were any.
   */
  deliver(reader: Reader, door: Door, appToken: string, isQuiet: boolean): Promise<boolean>;
  /** Events that a consumer rejected permanently. */
  parked: string[];
};

type Log = { events: Message["event"][]; next: Map<string, number>; lost: Set<string> };

/**
 * A broker exactly as its port promises: in order per user, at least once, and any of a failed batch
 * may have been taken.
 */
export function simulatedBus(random: Random, faults: Faults): SimulatedBus {
  const logs = new Map<string, Log>();
  const parked: string[] = [];
  let isQuietNow = false;

  return {
    parked,
    async publish(messages: readonly Message[]) {
      faults.here();
      const taken = !isQuietNow && random.chance(0.08) ? random.below(messages.length + 1) : messages.length;
      for (const { topic, key, event } of messages.slice(0, taken)) {
        const name = `${topic} ${key}`;
        const log: Log = logs.get(name) ?? { events: [], next: new Map(), lost: new Set() };
        log.events.push(event);
        logs.set(name, log);
      }
      faults.here();
      if (taken < messages.length) throw new Error("The broker is away.");
    },
    async deliver({ service, topic, route, heals }, door, appToken, isQuiet) {
      isQuietNow = isQuiet;
      const waiting = [...logs].filter(
        ([name, { events, next }]) => name.startsWith(`${topic} `) && (next.get(service) ?? 0) < events.length,
      );
      if (waiting.length === 0) return false;
      const [, log] = random.pick(waiting);
      const head = log.next.get(service) ?? 0;
      const from = !isQuiet && random.chance(0.15) ? random.below(head + 1) : head;
      const upTo = head + random.between(1, 6);
      if (!isQuiet && heals && random.chance(0.2)) {
        log.lost.add(`${service} ${head}`);
        log.next.set(service, head + 1);
        return true;
      }
      // A lost event stays lost, also when its neighbours are redelivered.
      const places = Array.from({ length: Math.min(upTo, log.events.length) - from }, (_, at) => from + at);
      const kept = places.filter((place) => !log.lost.has(`${service} ${place}`));
      const events = kept.flatMap((place) => log.events[place] ?? []);
      const answered = await handOver(door, route, appToken, events);
      // The acknowledgement is lost: everything is redelivered.
      if (!isQuiet && random.chance(0.1)) return true;
      const given: { statuses?: { status: string }[] } = answered.ok ? JSON.parse(await answered.text()) : {};
      const statuses = (given.statuses ?? []).map(({ status }) => status);
      const settled = statuses.indexOf("RETRY");
      const count = settled === -1 ? statuses.length : settled;
      for (const [at, status] of statuses.slice(0, count).entries())
        if (status === "DROP") parked.push(`${service}: ${events[at]?.type}`);
      const end = settled === -1 ? (places.at(-1) ?? head - 1) + 1 : (kept[settled] ?? head);
      log.next.set(service, Math.max(head, end));
      return true;
    },
  };
}

/** Delivers a batch in the embedded bus's envelope. */
async function handOver(door: Door, route: string, appToken: string, events: Log["events"]): Promise<Response> {
  const entries = events.map((event, at) => ({ entryId: String(at), event }));
  const headers = { [appTokenHeader]: appToken };
  const body = JSON.stringify({ id: "1", metadata: carrierCounts, entries });
  return door.handle(new Request(`http://localhost${route}`, { method: "POST", headers, body }));
}

/** A scheduler that takes every alarm and rings none: alarms are hints, and nothing may be lost without them (G11). */
export const forgetfulAlarms = (faults: Faults): Alarms => ({
  set: async () => faults.here(),
  clear: async () => faults.here(),
});

export type Sent = { key: string; mail: Mail; atMs: number };

/** A provider that knows its keys: the same mail once. It is away at times, and at times its answer is lost. */
export function simulatedMailer(
  random: Random,
  faults: Faults,
  databaseNow: () => Date,
): Mailer & { sent: Map<string, Sent>; isQuiet: boolean } {
  const sent = new Map<string, Sent>();
  const mailer = {
    sent,
    isQuiet: false,
    async send(mail: Mail, key: string) {
      faults.here();
      if (!mailer.isQuiet && random.chance(0.1)) throw new MailFailure("away", "the provider is away");
      if (!sent.has(key)) sent.set(key, { key, mail, atMs: databaseNow().getTime() });
      faults.here();
      if (!mailer.isQuiet && random.chance(0.1)) throw new MailFailure("away", "the answer was lost");
      return { messageId: `<${key}@simulated>` };
    },
  };
  return mailer;
}
