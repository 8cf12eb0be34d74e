import { expect, test } from "bun:test";
import { subscriptions } from "@carillon/contracts/catalog";
import { usualNames } from "@carillon/contracts/platform-names";
import { type PresentTopic, planTopics, replicasFor, wantedTopics } from "./plan-topics.ts";

const week = 7 * 86_400_000;
const wanted = [{ name: "task-events", partitions: 12, retentionMs: week }];
const there = (is: Partial<PresentTopic>): PresentTopic[] => [
  { name: "task-events", partitions: 12, retentionMs: week, isEmpty: false, ...is },
];
const plan = (present: PresentTopic[]) => planTopics(wanted, present, 3);

test("every topic of the catalogue and every consumer's dead letters are wanted, the latter for twice as long", () => {
  expect(
    wantedTopics(usualNames).map(({ name, partitions, retentionMs }) => [name, partitions, retentionMs / 86_400_000]),
  ).toEqual([
    ["task-events", 12, 7],
    ["reminders", 12, 7],
    ["task-updates", 12, 7],
    ["task-events.audit.dlq", 12, 14],
    ["reminders.notification.dlq", 12, 14],
    ["task-events.recurring.dlq", 12, 14],
  ]);
  const parked = subscriptions.flatMap(({ deadLetter }) => deadLetter ?? []);
  expect(parked.filter((topic) => !wantedTopics(usualNames).some(({ name }) => name === topic))).toEqual([]);
});

test("a missing topic is created, with as many copies as requested", () => {
  expect(plan([])).toEqual([{ kind: "create", topic: "task-events", partitions: 12, retentionMs: week, replicas: 3 }]);
});

test("a correct topic is left alone, and so is a foreign one", () => {
  const foreign = { name: "orders", partitions: 1, retentionMs: 1, isEmpty: true };
  expect(plan([...there({}), foreign])).toEqual([{ kind: "keep", topic: "task-events" }]);
});

test("G4: a topic with events in it never gets more partitions, which would split a user's events", () => {
  const [step] = plan(there({ partitions: 6 }));
  expect(step).toMatchObject({ kind: "refuse", topic: "task-events" });
  expect(step).toHaveProperty("reason", expect.stringContaining("past those that still wait"));
});

test("an empty topic may grow", () => {
  expect(plan(there({ partitions: 6, isEmpty: true }))).toEqual([
    { kind: "grow", topic: "task-events", from: 6, to: 12 },
  ]);
});

test("a topic with too many partitions is rejected, empty or not: a broker removes none", () => {
  for (const isEmpty of [true, false])
    expect(plan(there({ partitions: 13, isEmpty }))).toEqual([
      {
        kind: "refuse",
        topic: "task-events",
        reason: "it has 13 partitions, not 12, and a broker removes none.",
      },
    ]);
});

test("another retention is corrected, also beside a rejection", () => {
  expect(plan(there({ retentionMs: 1_000 }))).toEqual([
    { kind: "retain", topic: "task-events", fromMs: 1_000, toMs: week },
  ]);
  expect(plan(there({ partitions: 13, retentionMs: null })).map(({ kind }) => kind)).toEqual(["refuse", "retain"]);
});

test("an applied plan leaves nothing to do", () => {
  const done = wantedTopics(usualNames).map((topic) => ({ ...topic, isEmpty: true }));
  expect(planTopics(wantedTopics(usualNames), done, 1).every(({ kind }) => kind === "keep")).toBe(true);
});

test("three copies, or one on each broker where there are fewer, unless a setting says otherwise", () => {
  expect([replicasFor(0, 1), replicasFor(0, 3), replicasFor(0, 5), replicasFor(2, 5)]).toEqual([1, 3, 3, 2]);
});

test("topics with other names have their own dead letters, with the same partitions and retention", () => {
  const topics = { "task-events": "Team_A.changes", reminders: "bells", "task-updates": "screens" };
  const renamed = wantedTopics({ ...usualNames, topics });
  expect(renamed.map(({ name }) => name)).toEqual([
    "Team_A.changes",
    "bells",
    "screens",
    "Team_A.changes.audit.dlq",
    "bells.notification.dlq",
    "Team_A.changes.recurring.dlq",
  ]);
  const plain = ({ partitions, retentionMs }: (typeof renamed)[number]) => ({ partitions, retentionMs });
  expect(renamed.map(plain)).toEqual(wantedTopics(usualNames).map(plain));
});
