import { expect, test } from "bun:test";
import { occurrenceId } from "@carillon/calendar/recurrence";
import { zoneRelease } from "@carillon/calendar/zone";
import { completionOf, eventOf } from "./completion.ts";
import { openDoor, settled } from "./door.ts";

const completion = completionOf("daily");
const { id, user_id } = completion.task;

test("a completion becomes a request for its successor, under the id derived from it", async () => {
  const door = openDoor(() => settled("made"));
  expect(await door.deliver([eventOf(completion)])).toEqual(["SUCCESS"]);
  expect(door.asked).toEqual([
    {
      what: `PUT /internal/tasks/${occurrenceId(id)}`,
      body: {
        user_id,
        parent_task_id: id,
        parent_version: 2,
        due_date: "2026-11-22T09:00:00.000Z",
        ordinal: null,
        zone_release: zoneRelease(),
      },
    },
  ]);
});

test("completing twice asks for the same occurrence twice, never for two", async () => {
  const door = openDoor(() => settled("settled"));
  expect(await door.deliver([eventOf(completion), eventOf(completion)])).toEqual(["SUCCESS", "SUCCESS"]);
  expect(new Set(door.asked.map(({ what }) => what)).size).toBe(1);
});

test("a rule without a further date ends the series", async () => {
  const door = openDoor(() => settled("ended"));
  expect(await door.deliver([eventOf(completionOf("FREQ=DAILY;COUNT=1"))])).toEqual(["SUCCESS"]);
  expect(door.asked).toEqual([{ what: "POST /internal/series/end", body: { user_id, task_id: id, version: 2 } }]);
});

test("an event that is not the completion of a recurring task is done without a call", async () => {
  const door = openDoor(() => settled("made"));
  const plain = { ...completion, task: { ...completion.task, recurrence: null, recurring_pattern: null } };
  const others = ["task.created", "task.updated", "task.reopened", "task.deleted", "task.skipped", "task.purged"];
  const events = [eventOf(plain), ...others.map((type) => eventOf(completion, type))];
  expect(await door.deliver(events)).toEqual(events.map(() => "SUCCESS"));
  expect(door.asked).toEqual([]);
});

test("a task that was changed meanwhile is asked about in its current state", async () => {
  const now = completionOf("weekly", { version: 3 });
  const door = openDoor(({ body }) => (body?.parent_version === 3 ? settled("made") : settled("changed", now)));
  expect(await door.deliver([eventOf(completion)])).toEqual(["SUCCESS"]);
  expect(door.asked.map(({ body }) => [body?.parent_version, body?.due_date])).toEqual([
    [2, "2026-11-22T09:00:00.000Z"],
    [3, "2026-11-28T09:00:00.000Z"],
  ]);
});

test("a task that keeps changing is left for the next delivery after a limited number of attempts", async () => {
  const door = openDoor(() => settled("changed", completion));
  expect(await door.deliver([eventOf(completion)])).toEqual(["RETRY"]);
  expect(door.asked).toHaveLength(3);
});

test.each([
  [201, "SUCCESS"],
  [200, "SUCCESS"],
  [422, "DROP"],
  [401, "RETRY"],
  [404, "RETRY"],
  [409, "RETRY"],
  [429, "RETRY"],
  [500, "RETRY"],
  [503, "RETRY"],
])("api's answer %d means %s", async (status, expected) => {
  const door = openDoor(() => Response.json({ outcome: "settled", completion: null }, { status }));
  expect(await door.deliver([eventOf(completion)])).toEqual([expected]);
});

test("an empty answer is an error", async () => {
  for (const body of ["", "[]", "{", '{"outcome":"perhaps","completion":null}']) {
    const door = openDoor(() => new Response(body));
    expect(await door.deliver([eventOf(completion)])).toEqual(["RETRY"]);
  }
});

test("a task that no release of ours can read is dropped with an error line that names it, and the other events are handled", async () => {
  const door = openDoor(() => settled("made"));
  const other = Bun.randomUUIDv7();
  const events = [
    eventOf(completionOf("FREQ=HOURLY")),
    eventOf(completionOf("daily", { id: Bun.randomUUIDv7(), userId: other })),
  ];
  expect(await door.deliver(events)).toEqual(["DROP", "SUCCESS"]);
  expect(door.errors[0]).toMatchObject({ task_id: id, reason: "its pattern is no rule of this release" });
  expect(await door.deliver([eventOf({ ...completion, task: { ...completion.task, version: 0.5 } })])).toEqual([
    "DROP",
  ]);
});

test("the events of a user whose completion fails wait in order; other users' are settled, although a sidecar redelivers the whole batch", async () => {
  const slow = completionOf("daily", { id: Bun.randomUUIDv7() });
  const bert = completionOf("daily", { id: Bun.randomUUIDv7(), userId: Bun.randomUUIDv7() });
  const door = openDoor(({ body }) =>
    body?.parent_task_id === slow.task.id ? new Response(null, { status: 409 }) : settled("made"),
  );
  const statuses = await door.deliver([slow, completion, bert].map((one) => eventOf(one)));
  expect(statuses).toEqual(["RETRY", "RETRY", "RETRY"]);
  expect(door.asked.map(({ body }) => body?.parent_task_id).toSorted()).toEqual(
    [slow.task.id, bert.task.id].toSorted(),
  );
});

test("G6: an event that always fails is parked and the events behind it are handled, also when both came in one batch of one user", async () => {
  const [poison, later] = [1, 2].map(() => eventOf(completionOf("daily", { id: Bun.randomUUIDv7() })));
  const door = openDoor(({ body }) =>
    body?.parent_task_id === poison?.subject ? new Response(null, { status: 409 }) : settled("made"),
  );
  const batch = [poison, later].filter((event) => event !== undefined);
  let statuses: string[] = [];
  for (let tries = 0; tries < 20 && statuses.join() !== "DROP,SUCCESS"; tries++) statuses = await door.deliver(batch);
  expect(statuses).toEqual(["DROP", "SUCCESS"]);
});

test("G22: while api is away nothing is parked, however long that takes; what api itself fails on is", async () => {
  const event = eventOf(completion);
  let status = 503;
  const door = openDoor(() => new Response(null, { status }));
  for (let tries = 0; tries < 50; tries++) expect(await door.deliver([event])).toEqual(["RETRY"]);
  status = 500;
  const verdicts = [];
  for (let tries = 0; tries < 8; tries++) verdicts.push(...(await door.deliver([event])));
  expect(verdicts).toEqual([...Array.from({ length: 7 }, () => "RETRY"), "DROP"]);
});

test("while api is away a full delivery is answered after one call", async () => {
  const door = openDoor(() => Promise.reject(new Error("no answer")));
  const events = Array.from({ length: 200 }, () =>
    eventOf(completionOf("daily", { id: Bun.randomUUIDv7(), userId: Bun.randomUUIDv7() })),
  );
  expect(new Set(await door.deliver(events))).toEqual(new Set(["RETRY"]));
  expect(door.asked.length).toBeLessThanOrEqual(8);
});
