import { afterAll, beforeAll, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import { type Person, signUp } from "../../src/client.ts";
import { type DaprProduct, startOnDapr } from "../../src/dapr-product.ts";
import { listen } from "../../src/live.ts";
import { hop, pathTo, type Span, zipkinAt } from "../../src/zipkin.ts";

let product: DaprProduct;
let zipkin: ReturnType<typeof zipkinAt>;
beforeAll(async () => {
  product = await startOnDapr();
  const address = product.processes().zipkin?.url;
  if (!address) throw new Error("The product runs without Zipkin.");
  zipkin = zipkinAt(address);
}, 240_000);
afterAll(() => product?.dispose(), 60_000);

/** Services and sidecars send their spans every few seconds. */
const sentMs = 40_000;
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const idOf = (response: Response): string => response.headers.get("traceparent")?.split("-")[1] ?? "";

/** The hops from the trace's first span to one called `last`, as soon as Zipkin has them and every hop in `beside`. */
async function hopsTo(
  id: string,
  last: string,
  { through = [], beside = [] }: { through?: string[]; beside?: string[] } = {},
): Promise<{ hops: string[]; spans: Span[] }> {
  let spans: Span[] = [];
  const hops = () => pathTo(spans, (span) => hop(span) === last);
  const isWhole = async () => {
    spans = await zipkin.trace(id);
    const path = hops();
    const known = spans.map(hop);
    if (path?.isWhole !== true) return false;
    return through.every((name) => path.hops.includes(name)) && beside.every((name) => known.includes(name));
  };
  await until(`${last} is part of the trace`, isWhole, sentMs).catch((error: unknown) => {
    throw new Error(`${String(error)} There is: ${[...new Set(spans.map(hop))].sort().join(", ")}`);
  });
  return { hops: hops()?.hops ?? [], spans };
}

/** realtime's sidecar misses what was published before it joined the broker. */
async function untilPagesHear(person: Person): Promise<void> {
  const stream = await listen(`${product.realtime}/stream`, person.token);
  await until(
    "a page hears of a change",
    async () => {
      await person.createTask({ title: "Hello?" });
      await Bun.sleep(1_000);
      return stream.frames.some(({ data }) => data.includes("task.created"));
    },
    60_000,
  );
  stream.close();
}

test("one trace holds a completion, the next occurrence and the open page: each hop the child of the one before", async () => {
  const ada = await signUp(product.api, "ada");
  await untilPagesHear(ada);
  const task = await ada.createTask({ title: "Standup", recurring_pattern: "daily", due_date: inAnHour() });
  const id = idOf(await ada.call("PATCH", `/api/tasks/${task.id}/complete`));
  // Each sidecar sends its spans on its own: its delivery may reach Zipkin last.
  const { hops } = await hopsTo(id, "realtime process task-updates", {
    through: ["api put /internal/tasks/:id"],
    beside: ["recurring pubsub/task-events", "audit pubsub/task-events", "realtime pubsub/task-updates"],
  });
  expect(hops).toEqual([
    "api patch /api/tasks/:id/complete",
    "api change",
    "api send task-events",
    "recurring process task-events",
    "recurring invoke api",
    // The two sidecars between them.
    "recurring calllocal/api/internal/tasks/<id>",
    "api calllocal/api/internal/tasks/<id>",
    "api put /internal/tasks/:id",
    "api change",
    "api send task-updates",
    "realtime process task-updates",
  ]);
});

test("a page is one trace with its calls to api, and a change one with its entry in the history", async () => {
  const bo = await signUp(product.api, "bo");
  const headers = { cookie: `carillon_session=${bo.token}` };
  const page = await fetch(`${product.web}/today`, { headers });
  expect((await hopsTo(idOf(page), "api get /api/tasks")).hops).toEqual([
    "web get /today",
    "web get api",
    "api get /api/tasks",
  ]);
  const made = await bo.call("POST", "/api/tasks", { title: "Once" });
  expect((await hopsTo(idOf(made), "audit append entries")).hops).toEqual([
    "api post /api/tasks",
    "api change",
    "api send task-events",
    "audit process task-events",
    "audit append entries",
  ]);
});

/** Creates a task whose reminder rings in four seconds; returns the id of the trace it was planned in. */
async function plan(person: Person): Promise<string> {
  const reminders = [{ at: new Date(Date.now() + 4_000).toISOString() }];
  return idOf(await person.call("POST", "/api/tasks", { title: "Call", due_date: inAnHour(), reminders }));
}

test("a reminder's job and mail are one trace, linked to the one in which it was scheduled", async () => {
  const cleo = await signUp(product.api, "cleo");
  const planned: string[] = [];
  // A poll at the right moment sends without waiting for the alarm; of several reminders some are sent by their alarm.
  for (let number = 0; number < 6; number++) {
    planned.push(await plan(cleo));
    await Bun.sleep(1_700);
  }
  const isMailed = (span: Span) => hop(span) === "notification send mail";
  const isReported = (span: Span) => hop(span) === "api post /internal/reminders/results";
  const pairs: { id: string; rung: Span[] }[] = [];
  await until(
    "a mail in the trace of a ring",
    async () => {
      for (const id of planned) {
        const rung = (await zipkin.linkedTo(id)).find(
          (spans) =>
            pathTo(spans, isMailed)?.hops[0] === "notification post /job/*" && pathTo(spans, isReported)?.isWhole,
        );
        if (rung) pairs.push({ id, rung });
      }
      return pairs.length > 0;
    },
    sentMs,
  );
  const [{ id, rung } = { id: "", rung: [] }] = pairs;
  expect((await hopsTo(id, "notification schedule reminder")).hops).toEqual([
    "api post /api/tasks",
    "api change",
    "api send reminders",
    "notification process reminders",
    "notification schedule reminder",
  ]);
  expect(pathTo(rung, isMailed)?.hops).toEqual([
    "notification post /job/*",
    "notification remind",
    "notification send mail",
  ]);
  const linked = rung.filter(({ tags }) => tags?.["carillon.linked_trace_id"] === id);
  expect(linked.map(hop).sort()).toEqual(["notification post /job/*", "notification remind"]);
}, 120_000);
