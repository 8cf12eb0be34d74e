import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventTypes, subscriptions, topicsOf } from "./catalog.ts";
import { subscriptionFiles } from "./dapr-subscriptions.ts";
import { dataSchemaOf } from "./event-schemas.ts";
import { services, topics } from "./names.ts";
import { problems } from "./problem.ts";
import { eventsPage, schemaFiles } from "./published.ts";

const folder = join(import.meta.dir, "../schemas");
const committed = (file: string): string =>
  existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : "";

test("the committed schemas and the events page match the code", () => {
  for (const [file, text] of schemaFiles()) expect(committed(file)).toBe(text);
  expect(readdirSync(folder).sort()).toEqual([...schemaFiles().keys()].sort());
  expect(readFileSync(join(import.meta.dir, "../../../docs/events.md"), "utf8")).toBe(eventsPage());
});

test("Dapr's subscriptions match the catalogue", () => {
  const files = join(import.meta.dir, "../../../kustomize/base/dapr/subscriptions");
  for (const [file, text] of subscriptionFiles()) expect(readFileSync(join(files, file), "utf8")).toBe(text);
  expect(readdirSync(files).sort()).toEqual([...subscriptionFiles().keys()].sort());
});

test("every event goes somewhere, and to the screens", () => {
  for (const type of eventTypes) expect(topicsOf(type)).toContain("task-updates");
});

test("everything but the end of a session is part of the history", () => {
  expect(eventTypes.filter((type) => !topicsOf(type).includes("task-events"))).toEqual(["session.revoked"]);
});

test("only events that notification acts on go to reminders", () => {
  expect(eventTypes.filter((type) => topicsOf(type).includes("reminders"))).toEqual([
    "reminder.scheduled",
    "reminder.cancelled",
    "reminder.snoozed",
    "user.erased",
  ]);
});

test("a subscription names a service, a topic and a route of its own", () => {
  for (const { service, topic, route } of subscriptions) {
    expect(services).toContain(service);
    expect(topics).toContain(topic);
    expect(route).toStartWith("/events/");
  }
  expect(new Set(subscriptions.map(({ service, topic }) => `${service} ${topic}`)).size).toBe(subscriptions.length);
});

test("an audit entry is never given up, an update for a screen is given up at once", () => {
  const retryOf = (name: string) => subscriptions.find(({ service }) => service === name)?.retry.attempts;
  expect(retryOf("audit")).toBe("forever");
  expect(retryOf("realtime")).toBe(1);
});

test("a reminder is urgent: retried within 200 ms, and parked within a minute (G6)", () => {
  const { retry, deadLetter } = subscriptions.find(({ topic }) => topic === "reminders") ?? {};
  expect(deadLetter).toBe("reminders.notification.dlq");
  expect(retry?.firstMs).toBeLessThanOrEqual(200);
  const waits = Array.from({ length: Number(retry?.attempts) - 1 }, (_, at) =>
    Math.min(retry?.maxMs ?? 0, (retry?.firstMs ?? 0) * 2 ** at),
  );
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(60_000);
});

test("a completion is retried for less than a minute and then parked, because a sweep is behind it (G6)", () => {
  const { retry, deadLetter } = subscriptions.find(({ service }) => service === "recurring") ?? {};
  expect(deadLetter).toBe("task-events.recurring.dlq");
  const waits = Array.from({ length: Number(retry?.attempts) - 1 }, (_, at) =>
    Math.min(retry?.maxMs ?? 0, (retry?.firstMs ?? 0) * 2 ** at),
  );
  // Each attempt may wait 3 s for an answer.
  expect(waits.reduce((sum, ms) => sum + ms, 0) + Number(retry?.attempts) * 3_000).toBeLessThan(60_000);
});

test("a consumer may meet fields it does not know yet: no event schema is closed", () => {
  for (const type of eventTypes) expect(dataSchemaOf(type).additionalProperties).not.toBe(false);
});

test("every problem code has a status and a title of its own", () => {
  const list = Object.values(problems);
  expect(new Set(list.map(({ title }) => title)).size).toBe(list.length);
});
