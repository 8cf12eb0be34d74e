import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole, fingerprint } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp();
  as = clientOf(api, ada);
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

/** Sets the user's counter to that many during `work`: the limit reads the counter. */
async function asIfOwning(counter: "live_tasks" | "tag_count", more: number, work: () => Promise<void>): Promise<void> {
  const add = (difference: number) =>
    api.sql`update api.users set ${api.sql(counter)} = ${api.sql(counter)} + ${difference} where id = ${ada.user.id}`;
  await add(more);
  try {
    await work();
  } finally {
    await add(-more);
  }
}
const owned = async (counter: "live_tasks" | "tag_count"): Promise<number> => {
  const [row] = await api.sql`select live_tasks, tag_count from api.users where id = ${ada.user.id}`;
  return row?.[counter];
};

describe("100 000 live tasks", () => {
  test("are the maximum: the next is a conflict and leaves nothing; the trash makes room and uses it again", async () => {
    const kept = await as.make();
    await asIfOwning("live_tasks", 99_999 - (await owned("live_tasks")), async () => {
      const last = await as.make();
      const before = await fingerprint(api.sql);
      expect((await as.post("/api/tasks", { title: "too many", tags: ["new"] })).status).toBe(409);
      expect(await fingerprint(api.sql)).toEqual(before);
      expect((await as.patch(`/api/tasks/${kept.id}`, { title: "still editable" })).status).toBe(200);
      await as.delete(`/api/tasks/${last.id}`);
      const other = await as.make();
      expect((await as.post(`/api/tasks/${last.id}/restore`)).status).toBe(409);
      await as.delete(`/api/tasks/${other.id}`);
      expect((await as.post(`/api/tasks/${last.id}/restore`)).status).toBe(200);
    });
  });

  test("hold under concurrent creations", async () => {
    await asIfOwning("live_tasks", 99_995 - (await owned("live_tasks")), async () => {
      const statuses = await Promise.all(
        Array.from({ length: 20 }, async () => (await as.post("/api/tasks", { title: "a" })).status),
      );
      expect(statuses.toSorted()).toEqual([...Array(5).fill(201), ...Array(15).fill(409)]);
    });
  });
});

describe("1 000 tags", () => {
  test("are the maximum, created directly or by naming them; deleting one makes room", async () => {
    await asIfOwning("tag_count", 999 - (await owned("tag_count")), async () => {
      const last = await as.makeTag("last");
      expect((await as.post("/api/tags", { name: "too many" })).status).toBe(409);
      const before = await fingerprint(api.sql);
      expect((await as.post("/api/tasks", { title: "a", tags: ["last", "too many"] })).status).toBe(409);
      expect(await fingerprint(api.sql)).toEqual(before);
      expect((await as.make({ tags: ["LAST"] })).tags).toHaveLength(1);
      await as.delete(`/api/tags/${last.id}`);
      expect((await as.make({ tags: ["fits again"] })).tags).toHaveLength(1);
    });
  });
});

describe("one task", () => {
  test("has at most 50 tags and at most 20 reminders", async () => {
    const tags = Array.from({ length: 51 }, (_, n) => `tag ${n}`);
    expect((await as.make({ tags: tags.slice(0, 50) })).tags).toHaveLength(50);
    expect(verdict(await as.post("/api/tasks", { title: "a", tags }))).toBe("422 /tags");
    const reminders = Array.from({ length: 21 }, (_, n) => ({ before: `${n + 1}h` }));
    const due_date = "2199-01-01T00:00:00Z";
    const full = await as.make({ due_date, reminders: reminders.slice(0, 20) });
    expect(full.reminders).toHaveLength(20);
    expect(verdict(await as.post("/api/tasks", { title: "a", due_date, reminders }))).toBe("422 /reminders");
    expect(verdict(await as.patch(`/api/tasks/${full.id}`, { reminder_at: due_date }))).toBe("422 /reminder_at");
    expect(
      verdict(await as.patch(`/api/tasks/${full.id}`, { reminder_at: "2198-12-31T23:00:00Z", reminders: [] })),
    ).toBe("200");
  });

  test("is sent in at most 256 KiB", async () => {
    const pad = (bytes: number) => `{"title":"a"${" ".repeat(bytes - '{"title":"a"}'.length)}}`;
    expect((await as.post("/api/tasks", pad(256 * 1024))).status).toBe(201);
    expect((await as.post("/api/tasks", pad(256 * 1024 + 1))).status).toBe(413);
  });
});
