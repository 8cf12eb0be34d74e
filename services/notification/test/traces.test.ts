import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { keepSpans } from "@carillon/testing/kept-spans";
import { until } from "@carillon/testing/until";
import { inMs, openRig, type Replica, type Rig } from "./harness.ts";

setDefaultTimeout(40_000);

let rig: Rig;
let replica: Replica;
beforeEach(async () => {
  rig = await openRig();
  replica = await rig.replica();
});
afterEach(() => rig.close());

const planned = "a".repeat(32);

test("scheduling is part of the change's trace; alarm, claim, mail and report are another one, linked to it", async () => {
  using kept = keepSpans();
  const reminder = rig.api.add({ remindAt: inMs(2_500) });
  const event = { ...rig.event("scheduled", reminder), traceparent: `00-${planned}-${"b".repeat(16)}-01` };
  await rig.deliver(replica, event);
  replica.start();
  await until("it is armed", () => rig.alarms.size === 1);
  const scheduled = kept.named("schedule reminder");
  expect(kept.path(scheduled)).toEqual([
    "notification consumer process reminders",
    "notification producer schedule reminder",
  ]);
  expect(scheduled.trace.traceId).toBe(planned);
  await Bun.sleep(reminder.remindAt.getTime() - Date.now() + 5);
  await replica.ask(`/job/rem-${reminder.id}-1`);
  await until("api knows", () => reminder.state === "sent");
  const mail = kept.named("send mail");
  const remind = kept.named("remind");
  expect(remind.links.map(({ traceId }) => traceId)).toEqual([planned]);
  expect(mail.trace.traceId).not.toBe(planned);
  const together = kept.spans.filter(({ trace }) => trace.traceId === mail.trace.traceId).map(({ name }) => name);
  for (const name of ["remind", "claim", "send mail", "report"]) expect(together).toContain(name);
});

test("an alarm is linked to the change whose trace its data names; malformed data names none", async () => {
  using kept = keepSpans();
  const ring = (data: unknown) => replica.ask(`/job/rem-${Bun.randomUUIDv7()}-1`, data);
  for (const data of [{ traceparent: `00-${planned}-${"b".repeat(16)}-01` }, { traceparent: 7 }, "x", null])
    expect((await ring(data)).status).toBe(200);
  const rings = kept.spans.filter(({ name }) => name === "POST /job/*");
  expect(rings.map(({ links }) => links.map(({ traceId }) => traceId))).toEqual([[planned], [], [], []]);
});
