import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { purgeTrash } from "../src/tasks/index.ts";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";
import { replicaOf, truthOf } from "./replica.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi({ sessionMinutes: 525_600 });
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

const newcomer = async (): Promise<Client> => clientOf(api, await api.signUp());
const monthLater = () => api.clock.advance(31 * 86_400_000);

describe("sync", () => {
  test("starts with everything, and continues with later changes", async () => {
    const as = await newcomer();
    const kept = await as.make({ title: "kept", tags: ["x"], reminder_at: "2199-01-01T00:00:00Z" });
    const gone = await as.make({ title: "gone" });
    await as.delete(`/api/tasks/${gone.id}`);
    const first = (await as.get("/api/sync")).body;
    expect(first).toEqual({
      tasks: [kept],
      tags: [expect.objectContaining({ name: "x", version: 1 })],
      deleted: [],
      next_cursor: expect.any(String),
      has_more: false,
    });
    const idle = (await as.get(`/api/sync?cursor=${first.next_cursor}`)).body;
    expect(idle).toEqual({ tasks: [], tags: [], deleted: [], next_cursor: first.next_cursor, has_more: false });

    const changed = (await as.patch(`/api/tasks/${kept.id}`, { title: "changed" })).body;
    const made = await as.make({ title: "made" });
    const next = (await as.get(`/api/sync?cursor=${first.next_cursor}`)).body;
    expect(next).toMatchObject({ tasks: [changed, made], tags: [], deleted: [] });
    expect((await as.get(`/api/sync?cursor=${first.next_cursor}`)).body).toEqual(next);
  });

  test("reports the trash as deleted, restoring as a task, purging as deleted again", async () => {
    const as = await newcomer();
    const { id } = await as.make({ tags: ["x"] });
    const replica = replicaOf(as);
    await replica.catchUp();
    await as.delete(`/api/tasks/${id}`);
    expect(await replica.pull()).toMatchObject({ tasks: [], tags: [], deleted: [{ type: "task", id }] });
    const restored = (await as.post(`/api/tasks/${id}/restore`)).body;
    expect(await replica.pull()).toMatchObject({ tasks: [restored], deleted: [] });
    await as.delete(`/api/tasks/${id}`);
    monthLater();
    await purgeTrash(api.deps);
    expect(await replica.pull()).toMatchObject({ tasks: [], deleted: [{ type: "task", id }] });
    expect(await replica.pull()).toMatchObject({ tasks: [], deleted: [] });
  });

  test("reports a renamed tag as a tag and a deleted one as deleted, and no task for either", async () => {
    const as = await newcomer();
    const task = await as.make({ tags: ["x", "y"] });
    const replica = replicaOf(as);
    await replica.catchUp();
    const [x, y] = task.tags;
    await as.put(`/api/tags/${x?.id}`, { name: "renamed" });
    await as.delete(`/api/tags/${y?.id}`);
    expect(await replica.pull()).toMatchObject({
      tasks: [],
      tags: [{ id: x?.id ?? "", name: "renamed" }],
      deleted: [{ type: "tag", id: y?.id ?? "" }],
    });
    expect(replica.shown()).toEqual(await truthOf(as));
  });

  test("is empty for a new user, who then gets every change", async () => {
    const as = await newcomer();
    const replica = replicaOf(as);
    expect(await replica.pull()).toMatchObject({ tasks: [], tags: [], deleted: [], has_more: false });
    await as.make({ tags: ["x"] });
    await replica.catchUp();
    expect(replica.shown()).toEqual(await truthOf(as));
  });

  test("accepts no cursor of another user, of another list, or forged; nor anything else", async () => {
    const [as, bob] = [await newcomer(), await newcomer()];
    const { next_cursor } = (await bob.get("/api/sync")).body;
    await as.makeTag("a");
    await as.makeTag("b");
    const ofTags = (await as.get("/api/tags?limit=1")).body.next_cursor;
    for (const cursor of [next_cursor, ofTags, "0", "MA", "x".repeat(2_000)])
      expect(verdict(await as.get(`/api/sync?cursor=${cursor}`))).toBe("422 cursor");
    expect(verdict(await as.get("/api/sync?cursor="))).toBe("422 cursor");
    expect(verdict(await as.get("/api/sync?since=0"))).toBe("422 since");
    expect(verdict(await as.get("/api/sync?limit=1"))).toBe("422 limit");
  });
});

describe("a copy", () => {
  test("of more than a page is complete, also when tasks change, go and come meanwhile", async () => {
    const as = await newcomer();
    const made = [];
    for (let n = 0; n < 1_150; n += 10)
      made.push(
        ...(await Promise.all(
          Array.from({ length: 10 }, (_, i) => as.make({ title: `${n + i}`, tags: n % 400 ? [] : [`tag ${n}`] })),
        )),
      );
    const replica = replicaOf(as);
    for (let page = 0; (await replica.pull()).has_more; page++) {
      for (let n = page; n < 1_150; n += 97) await as.patch(`/api/tasks/${made[n]?.id}`, { title: `changed ${page}` });
      await as.delete(`/api/tasks/${made[page]?.id}`);
      await as.delete(`/api/tasks/${made[1_149 - page]?.id}`);
      await as.make({ title: `new ${page}`, tags: [`new tag ${page}`] });
    }
    await replica.catchUp();
    expect(replica.shown()).toEqual(await truthOf(as));
    expect(replica.shown().tasks.length).toBeGreaterThan(1_140);
  });

  test("converges to the truth under any concurrent changes", async () => {
    const names = ["x", "y", "z"];
    const act = fc.record({ what: fc.nat(9), pick: fc.nat(14), name: fc.constantFrom(...names) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(act, { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 8 }),
        async (rounds) => {
          const as = await newcomer();
          const replica = replicaOf(as);
          const ids: string[] = [];
          const perform = async ({ what, pick, name }: { what: number; pick: number; name: string }): Promise<void> => {
            const path = `/api/tasks/${ids[pick % Math.max(1, ids.length)]}`;
            if (what <= 2 || ids.length === 0) ids.push((await as.make({ tags: [name] })).id);
            else if (what === 3) await as.patch(path, { title: `${pick}`, tags: [name] });
            else if (what === 4) await as.patch(`${path}/complete`);
            else if (what === 5) await as.delete(path);
            else if (what === 6) await as.post(`${path}/restore`);
            else if (what === 7) await changeTag(as, name, pick % 2 === 0);
            else if (what === 8) await replica.pull();
            else
              await purgeTrash({
                ...api.deps,
                clock: { now: () => new Date(api.clock.now().getTime() + 31 * 86_400_000) },
              });
          };
          for (const round of rounds) {
            await Promise.all([...round.map(perform), replica.pull()]);
            await replica.pull();
          }
          await replica.catchUp();
          expect(replica.shown()).toEqual(await truthOf(as));
        },
      ),
      { numRuns: 30 },
    );
  }, 120_000);
});

/** Renames the tag of that name, or deletes it, if there is one. */
async function changeTag(as: Client, name: string, rename: boolean): Promise<void> {
  const tag = (await as.get(`/api/tags?prefix=${name}`)).body.data[0];
  if (!tag) return;
  const path = `/api/tags/${tag.id}`;
  await (rename ? as.put(path, { name: `${name}${tag.version}`, color: "#123456" }) : as.delete(path));
}
