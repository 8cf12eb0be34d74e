import { afterEach, expect, test } from "bun:test";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import type { TaskChanged } from "@carillon/contracts/events/task-changed.v1";
import type { ServiceName } from "@carillon/contracts/names";
import { done, type Handle, oneByOne, subscribe, type Verdict } from "@carillon/events/consume";
import { currentTrace, silentLog } from "@carillon/kit/observe";
import { createInternalService } from "@carillon/kit/service";
import { eventOf, inOrder, keepIn } from "@carillon/testing/events";
import { until } from "@carillon/testing/until";
import type { Door } from "../src/local/door.ts";
import {
  auditDoor,
  type BusUnderTest,
  messages,
  type OpenBus,
  parkedIn,
  quickSubscriptions,
  type Replica,
  tries,
} from "./bus-under-test.ts";

function hintOf(event: CloudEvent<EventData>): CloudEvent {
  const { changes: _, ...data } = event.data;
  return { ...event, type: "task.changed", dataschema: "urn:carillon:event:task.changed/v1", data };
}

const numbers = (events: readonly CloudEvent<EventData>[], userId: string): number[] => [
  ...new Set(events.filter((event) => event.partitionkey === userId).map((event) => event.data.change_seq)),
];

/** The promises of the port `EventBus`, as tests of one adapter. */
export function busConformance(name: string, open: OpenBus): void {
  const closing: (() => Promise<void>)[] = [];

  async function prepare(): Promise<BusUnderTest & { consume(handle: Handle<EventData>): Promise<Replica> }> {
    const opened = await open(quickSubscriptions);
    closing.push(() => opened.close());
    const start = async (doors: Partial<Record<ServiceName, Door>>) => {
      const replica = await opened.start(doors);
      closing.push(() => replica.stop());
      return replica;
    };
    return { ...opened, start, consume: (handle) => start({ audit: auditDoor(opened, handle) }) };
  }

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  test(`${name}: a published event reaches its subscriber, also when that starts later`, async () => {
    const { bus, consume } = await prepare();
    const events = inOrder(crypto.randomUUID(), 3);
    await bus.publish(messages(events));
    const seen: CloudEvent<EventData>[] = [];
    await consume(keepIn(seen));
    await until("all have arrived", () => seen.length >= 3);
    expect(seen).toEqual(events);
  });

  test(`${name}: order per key holds with failures, many keys and two replicas`, async () => {
    const { bus, consume } = await prepare();
    const users = Array.from({ length: 20 }, () => crypto.randomUUID());
    const handled: CloudEvent<EventData>[] = [];
    const failedOnce = new Set<string>();
    const handle = oneByOne<EventData>(async (event) => {
      await Bun.sleep(Math.random() * 2);
      if (Math.random() < 0.2 && !failedOnce.has(event.id)) {
        failedOnce.add(event.id);
        return { kind: "retry", reason: "now and then" };
      }
      handled.push(event);
      return done;
    });
    await consume(handle);
    await consume(handle);
    for (let round = 0; round < 10; round++) {
      const batch = users.flatMap((user) => [eventOf(user, 2 * round + 1), eventOf(user, 2 * round + 2)]);
      await bus.publish(messages(batch));
    }
    await until("all are handled", () => new Set(handled.map((event) => event.id)).size === 400);
    const expected = Array.from({ length: 20 }, (_, at) => at + 1);
    for (const user of users) expect(numbers(handled, user)).toEqual(expected);
  });

  test(`${name}: a failing event holds back its own key and no other`, async () => {
    const { bus, consume, apart } = await prepare();
    const [sick, well] = apart();
    const handled: CloudEvent<EventData>[] = [];
    let failures = 0;
    await consume(
      oneByOne(async (event) => {
        if (event.partitionkey === sick && event.data.change_seq === 1 && failures < tries - 1) {
          failures++;
          return { kind: "retry", reason: "not yet" };
        }
        handled.push(event);
        return done;
      }),
    );
    await bus.publish(messages([...inOrder(sick, 3), ...inOrder(well, 3)]));
    await until("all are handled", () => handled.length >= 6);
    expect(numbers(handled, sick)).toEqual([1, 2, 3]);
    expect(numbers(handled, well)).toEqual([1, 2, 3]);
    expect(handled.slice(0, 3).map((event) => event.partitionkey)).toEqual([well, well, well]);
  });

  test(`${name}: after its tries an event is parked with its reason, and the events behind it continue`, async () => {
    const { bus, consume, deadLetters } = await prepare();
    const user = crypto.randomUUID();
    const events = inOrder(user, 3);
    const handled: CloudEvent<EventData>[] = [];
    let attempts = 0;
    await consume(
      oneByOne(async (event): Promise<Verdict> => {
        if (event.data.change_seq === 1) {
          attempts++;
          return { kind: "retry", reason: "the ledger is closed" };
        }
        handled.push(event);
        return done;
      }),
    );
    await bus.publish(messages(events));
    await until("the others are handled", () => handled.length >= 2);
    expect(attempts).toBe(tries);
    expect(numbers(handled, user)).toEqual([2, 3]);
    await until("it is parked", async () => (await deadLetters(parkedIn)).length > 0);
    const [parked, ...rest] = await deadLetters(parkedIn);
    expect(rest).toEqual([]);
    expect(parked?.eventId).toBe(events[0]?.id);
    if (parked?.reason) expect(parked.reason).toBe("the ledger is closed");
  });

  test(`${name}: an undecodable event is parked at once and does not affect the others`, async () => {
    const { bus, consume, deadLetters } = await prepare();
    const user = crypto.randomUUID();
    const [first, second, third] = inOrder(user, 3);
    if (!first || !second || !third) throw new Error("three events");
    const broken = { ...second, data: { ...second.data, change_seq: "two" } };
    const handled: CloudEvent<EventData>[] = [];
    await consume(keepIn(handled));
    await bus.publish([first, broken, third].map((event) => ({ topic: "task-events", key: user, event })));
    await until("the others are handled", () => handled.length >= 2);
    expect(numbers(handled, user)).toEqual([1, 3]);
    await until("it is parked", async () => (await deadLetters(parkedIn)).length > 0);
    expect((await deadLetters(parkedIn)).map((letter) => letter.eventId)).toEqual([second.id]);
  });

  test(`${name}: an event being handled when its process was killed is delivered again`, async () => {
    const prepared = await prepare();
    const events = inOrder(crypto.randomUUID(), 2);
    let started = 0;
    const doomed = auditDoor(prepared, async () => {
      started++;
      await Bun.sleep(60_000);
      return [];
    });
    const victim = await prepared.startKillable({ audit: doomed });
    await prepared.bus.publish(messages(events));
    await until("it is being handled", () => started > 0);
    await victim.kill();
    const handled: CloudEvent<EventData>[] = [];
    await prepared.consume(keepIn(handled));
    await until("it is handled", () => handled.length >= 2);
    expect(handled).toEqual(events);
  });

  test(`${name}: an orderly stop finishes started work, and nothing is delivered twice`, async () => {
    const { bus, consume } = await prepare();
    const user = crypto.randomUUID();
    const handled: CloudEvent<EventData>[] = [];
    const slowly = oneByOne<EventData>(async (event) => {
      await Bun.sleep(20);
      handled.push(event);
      return done;
    });
    const first = await consume(slowly);
    await bus.publish(messages(inOrder(user, 5)));
    await until("it has started", () => handled.length > 0);
    await first.stop();
    await consume(slowly);
    await until("all are handled", () => handled.length >= 5);
    await Bun.sleep(200);
    expect(handled.map((event) => event.data.change_seq)).toEqual([1, 2, 3, 4, 5]);
  });

  test(`${name}: the trace context survives`, async () => {
    const { bus, consume } = await prepare();
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const event = { ...eventOf(crypto.randomUUID(), 1), traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const seen: { inEvent: string | undefined; current: string | undefined }[] = [];
    await consume(
      oneByOne(async ({ traceparent }) => {
        seen.push({ inEvent: traceparent?.split("-")[1], current: currentTrace()?.traceId });
        return done;
      }),
    );
    await bus.publish(messages([event]));
    await until("it is handled", () => seen.length > 0);
    expect(seen).toEqual([{ inEvent: traceId, current: traceId }]);
  });

  test(`${name}: a broadcast reaches each replica at its own pace, a shared subscription one of them`, async () => {
    const prepared = await prepare();
    const heard: CloudEvent<TaskChanged>[][] = [[], []];
    const shared: CloudEvent<EventData>[] = [];
    const goOn = Promise.withResolvers<void>();
    for (const [at, mine] of heard.entries()) {
      const keep = keepIn(mine);
      const realtime = createInternalService({
        name: "realtime",
        log: silentLog,
        appToken: prepared.appToken,
        routes: [
          subscribe({
            service: "realtime",
            topic: "task-updates",
            state: prepared.state,
            log: silentLog,
            // The first replica is slow: messages the other has long received must still come to it.
            handle: async (events) => (at === 0 ? goOn.promise.then(() => keep(events)) : keep(events)),
          }),
        ],
      });
      await prepared.start({ realtime, audit: auditDoor(prepared, keepIn(shared)) });
    }
    const user = crypto.randomUUID();
    const events = inOrder(user, 4);
    for (const event of events) {
      await prepared.bus.publish([
        { topic: "task-events", key: user, event },
        { topic: "task-updates", key: user, event: hintOf(event) },
      ]);
      await until("the quick one has it", () => heard[1]?.at(-1)?.id === event.id);
    }
    goOn.resolve();
    await until("both have all", () => heard[0]?.length === 4 && shared.length >= 4);
    await Bun.sleep(100);
    const ids = events.map(({ id }) => id);
    expect(heard.map((own) => own.map(({ id }) => id))).toEqual([ids, ids]);
    expect(shared.map(({ id }) => id)).toEqual(ids);
  });

  test(`${name}: publishing to a broker that is away rejects as "unavailable"`, async () => {
    const { awayBus } = await prepare();
    const refused = awayBus.publish(messages(inOrder(crypto.randomUUID(), 1)));
    await expect(refused).rejects.toMatchObject({ name: "Problem", code: "unavailable" });
  });
}
