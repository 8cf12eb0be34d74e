import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ExportedTask } from "@carillon/contracts/http/transfer";
import { clientOf, verdict } from "../client.ts";
import { type Harness, type Person, startApi } from "../harness.ts";
import { expectWhole, fingerprint } from "../oracle.ts";
import { exportOf, importInto, send } from "./account.ts";

let api: Harness;
let person: Person;
/** A file of two tasks, of another user. */
let [first, second]: ExportedTask[] = [];
beforeAll(async () => {
  api = await startApi();
  const other = await api.signUp();
  const as = clientOf(api, other);
  await as.make({
    title: "first",
    due_date: "2030-01-01T09:00:00Z",
    recurring_pattern: "daily",
    reminders: [{ before: "1h" }],
  });
  await as.make({ title: "second" });
  [first, second] = (await exportOf(api, other)).tasks;
  person = await api.signUp();
});
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

const file = (...tasks: unknown[]) => ({
  format: "carillon",
  version: 1,
  exported_at: "2030-01-01T00:00:00Z",
  tags: [],
  tasks,
});
const task = (fields: Record<string, unknown>, from = second) => ({ ...from, ...fields });
const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

/** The file is refused so, and nothing is written. */
async function refused(sent: unknown, expected: string, type?: string): Promise<void> {
  const before = await fingerprint(api.sql);
  expect(verdict(await send(api, person, sent, type ? { type } : {}))).toBe(expected);
  const { users: _, ...written } = before;
  expect(await fingerprint(api.sql)).toMatchObject(written);
}

test("a file that is none is refused as what it is", async () => {
  await refused("{", "400");
  await refused("null", "422 ");
  await refused("[]", "422 ");
  await refused(new Uint8Array([0x22, 0xff, 0x22]), "400");
  await refused("title\na", "415", "text/plain");
  await refused("", "422 ", "text/csv");
  await refused("one,two\n1,2", "422 ", "text/csv");
  await refused(new Uint8Array(10 * 1024 * 1024 + 1), "413", "text/csv");
  await refused({ ...file(), version: 2 }, "422 /version");
  await refused({ ...file(), tags: {} }, "422 /tags");
  await refused({ ...file(), tasks: "x" }, "422 /tasks");
});

test("a file made to be dear is refused before it costs anything", async () => {
  await refused(`${"[".repeat(5_000_000)}`, "422 ");
  await refused(`[${"[],".repeat(2_000_000)}[]]`, "422 ");
  await refused(`title\n${"a\n".repeat(100_000)}`, "422 ", "text/csv");
  await refused(file(...Array.from({ length: 10_001 }, () => null)), "422 /tasks");
  await refused(`title\n"${"x".repeat(1_000_000)}`, "422 ", "text/csv");
  await refused(`title${",".repeat(500)}\n`, "422 ", "text/csv");
});

test("every row that cannot be is named with its number, and the good ones beside it are not taken", async () => {
  const before = await fingerprint(api.sql);
  const bad = [
    task({ id: uuid(1) }),
    task({ id: uuid(2), title: "a\u0000b" }),
    task({ id: uuid(3), title: "\ud800" }),
    task({ id: uuid(4), due_date: "tomorrow" }),
    task({ id: "no id" }),
    null,
    task({ id: uuid(7), tags: Array.from({ length: 51 }, (_, n) => ({ name: `t${n}` })) }),
    task({ id: uuid(8), recurring_pattern: "FREQ=SECONDLY", due_date: "2030-01-01T09:00:00Z" }),
    task({ id: uuid(9), time_zone: "Mars/Olympus" }),
    task({ id: uuid(10), description: "x".repeat(20_001) }),
  ];
  const { status, body } = await send(
    api,
    person,
    JSON.parse(JSON.stringify(file(...bad)).replace('"\ufffd"', '"\\ud800"')),
  );
  expect(status).toBe(422);
  const rows = body.errors.map(({ row, pointer }: { row: number; pointer: string }) => `${row} ${pointer}`);
  expect(rows).toContain("2 /tasks/1/title");
  expect(rows).toContain("4 /tasks/3/due_date");
  expect(rows).toContain("5 /tasks/4/id");
  expect(rows).toContain("6 /tasks/5");
  expect(rows).toContain("7 /tasks/6/tags");
  expect(await fingerprint(api.sql)).toMatchObject({ tasks: before.tasks, outbox: before.outbox, tags: before.tags });
  const alone = async (one: unknown) => verdict(await send(api, person, file(one)));
  expect(await alone(bad[7])).toBe("422 /tasks/0/recurring_pattern");
  expect(await alone(bad[8])).toBe("422 /tasks/0/time_zone");
  expect(await alone(bad[9])).toBe("422 /tasks/0/description");
});

test("half a character is refused, wherever it is", async () => {
  const text = JSON.stringify(file(task({ id: uuid(1), title: "HALF" })));
  await refused(text.replace("HALF", "\\ud800"), "422 /tasks/0/title");
  const tags = JSON.stringify(file(task({ id: uuid(1), tags: [{ name: "HALF" }] })));
  await refused(tags.replace("HALF", "\\udc00"), "422 /tasks/0/tags/0");
});

test("tasks that follow each other in a circle, two of one id, and two after one task are refused", async () => {
  const chain = (...parents: number[]) =>
    parents.map((parent, n) => task({ id: uuid(n + 1), parent_task_id: parent === 0 ? null : uuid(parent) }));
  await refused(file(...chain(1)), "422 /parent_task_id");
  await refused(file(...chain(2, 3, 1)), "422 /parent_task_id");
  await refused(file(task({ id: uuid(1) }), task({ id: uuid(1).toUpperCase() })), "422 /id");
  await refused(file(...chain(0, 1, 1)), "422 /parent_task_id");
});

test("ids of others open nothing: they become new ones, and the other's tasks stay as they are", async () => {
  const rows = await api.sql`select md5(t::text) from api.tasks t where user_id <> ${person.user.id} order by 1`;
  await importInto(api, person, file(first, second));
  const { tasks } = await exportOf(api, person);
  expect(tasks.map(({ id }) => id)).not.toContain(first?.id);
  expect(tasks.map(({ title }) => title).toSorted()).toEqual(["first", "second"]);
  // A file may claim to be of this user; that gives it no other rows either.
  const claimed = file(task({ user_id: person.user.id, title: "claimed" }));
  await importInto(api, person, claimed);
  expect(await api.sql`select md5(t::text) from api.tasks t where user_id <> ${person.user.id} order by 1`).toEqual(
    rows,
  );
});

test("the limits of a user hold: tags, and live tasks", async () => {
  const full = await api.signUp();
  const names = Array.from({ length: 1_000 }, (_, n) => ({
    name: `tag ${n}`,
    color: "#112233",
    created_at: "2026-01-01T00:00:00.000Z",
  }));
  await importInto(api, full, { ...file(), tags: names });
  const one = file(task({ id: uuid(1), tags: [{ name: "one more" }] }));
  expect((await send(api, full, one)).status).toBe(409);
  expect((await send(api, full, one, { dryRun: true })).status).toBe(409);
  await api.sql`update api.users set live_tasks = 99999 where id = ${full.user.id}`;
  expect((await send(api, full, file(task({ id: uuid(1) }), task({ id: uuid(2) })))).status).toBe(409);
  await api.sql`update api.users set live_tasks = 0 where id = ${full.user.id}`;
});

test("a repeat with the same key gives the first answer again; a token that may only read imports nothing", async () => {
  const as = clientOf(api, await api.signUp());
  const key = { "idempotency-key": "once" };
  const sent = file(task({ id: uuid(1) }));
  const answers = [await as.post("/api/tasks/import", sent, key), await as.post("/api/tasks/import", sent, key)];
  expect(answers.map(({ body }) => body.created)).toEqual([1, 1]);
  expect(verdict(await as.post("/api/tasks/import", file(), key))).toBe("422 Idempotency-Key");
  const { body } = await as.post("/api/tokens", { name: "robot", scope: "read" });
  const response = await api.call("POST", "/api/tasks/import", { token: body.token, body: sent });
  expect(response.status).toBe(403);
});

test("a task removed for good comes back under a new id: its versions were used", async () => {
  const owner = await api.signUp();
  const as = clientOf(api, owner);
  const made = await as.make({ title: "once" });
  const saved = await exportOf(api, owner);
  await as.delete(`/api/tasks/${made.id}`);
  const { purgeTrash } = await import("../../src/tasks/purge-trash.ts");
  api.clock.advance(31 * 86_400_000);
  await purgeTrash(api.deps);
  api.clock.advance(-31 * 86_400_000);
  expect(await importInto(api, owner, saved)).toMatchObject({ created: 1 });
  const { tasks } = await exportOf(api, owner);
  expect(tasks.map(({ title, version }) => [title, version])).toEqual([["once", 1]]);
  expect(tasks[0]?.id).not.toBe(made.id);
});
