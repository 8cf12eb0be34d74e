import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Tag } from "@carillon/contracts/http/tags";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

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

const names = async (who: Client, query = ""): Promise<string[]> =>
  (await who.get(`/api/tags${query}`)).body.data.map((tag: Tag) => tag.name);

describe("creating a tag", () => {
  test("returns it with its location; without a colour it gets one", async () => {
    const { status, body, headers } = await as.post("/api/tags", { name: "Home", color: "#2563EB" });
    const now = api.clock.now().toISOString();
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: "Home",
      color: "#2563eb",
      version: 1,
      created_at: now,
      updated_at: now,
    });
    expect(headers.get("location")).toBe(`/api/tags/${body.id}`);
    expect((await as.makeTag("colourless", { color: null })).color).toMatch(/^#[0-9a-f]{6}$/);
  });

  test("is unique per user, ignoring case and composition", async () => {
    await as.makeTag("Ärger");
    for (const name of ["Ärger", "ÄRGER", "a\u0308rger"])
      expect((await as.post("/api/tags", { name })).status).toBe(409);
    const bob = clientOf(api, await api.signUp());
    expect((await bob.makeTag("ärger")).name).toBe("ärger");
  });

  test.each([
    [{}, "422 /name"],
    [{ name: "" }, "422 /name"],
    [{ name: "  " }, "422 /name"],
    [{ name: "a\nb" }, "422 /name"],
    [{ name: "a\u2066b" }, "422 /name"],
    [{ name: "x".repeat(101) }, "422 /name"],
    [{ name: "👍".repeat(100) }, "201"],
    [{ name: "a", color: "blue" }, "422 /color"],
    [{ name: "a", color: "#fff" }, "422 /color"],
    [{ name: "a", color: "#2563eb0" }, "422 /color"],
    [{ name: "a", colour: "#2563eb" }, "422 /colour"],
  ])("%j", async (body, expected) => {
    expect(verdict(await as.post("/api/tags", body))).toBe(expected);
  });

  test("happens by naming it on a task; the first spelling stays", async () => {
    const one = await as.make({ tags: ["Garden", "garden", "GARDEN"] });
    expect(one.tags).toEqual([{ id: expect.any(String), name: "Garden", color: expect.stringMatching(/^#/) }]);
    const two = await as.make({ tags: ["gARDEN", "other"] });
    expect(two.tags[0]).toEqual(one.tags[0]);
    const said = (await api.outbox(ada.user.id)).slice(-3).map(({ type }) => type);
    expect(said).toEqual(["task.created", "tag.created", "task.created"]);
  });
});

describe("renaming, recolouring and deleting a tag", () => {
  test("is one tag event each, shows on every task, and changes no task's version", async () => {
    const task = await as.make({ tags: ["before", "stays"] });
    const id = task.tags[0]?.id ?? "";
    const said = (await api.outbox(ada.user.id)).length;
    const renamed = await as.put(`/api/tags/${id}`, { name: "after", color: "#112233" });
    expect(renamed).toMatchObject({ status: 200, body: { id, name: "after", color: "#112233", version: 2 } });
    const shown = { id, name: "after", color: "#112233" };
    expect((await as.get(`/api/tasks/${task.id}`)).body).toEqual({ ...task, tags: [shown, task.tags[1]] });
    expect((await as.list("?tag=AFTER"))[0]?.id).toBe(task.id);
    expect(await as.list("?tag=before")).toEqual([]);

    expect(await as.delete(`/api/tags/${id}`)).toMatchObject({ status: 204, body: null });
    expect((await as.get(`/api/tasks/${task.id}`)).body).toEqual({ ...task, tags: [task.tags[1]] });
    expect(await as.list("?tag=after")).toEqual([]);
    expect((await as.delete(`/api/tags/${id}`)).status).toBe(404);
    const events = (await api.outbox(ada.user.id)).slice(said);
    expect(events.map(({ type, event }) => [type, event.data.version, event.data.task_id, event.data.changes])).toEqual(
      [
        ["tag.updated", 2, null, { name: ["before", "after"], color: [task.tags[0]?.color, "#112233"] }],
        ["tag.deleted", 3, null, { name: ["after", null], color: ["#112233", null] }],
      ],
    );
  });

  test("to its own name in another case is a rename, to another tag's is a conflict, to itself is nothing", async () => {
    const mine = await as.makeTag("mine");
    await as.makeTag("taken");
    expect((await as.put(`/api/tags/${mine.id}`, { name: "Mine" })).body).toMatchObject({
      name: "Mine",
      version: 2,
      color: mine.color,
    });
    expect((await as.put(`/api/tags/${mine.id}`, { name: "TAKEN" })).status).toBe(409);
    expect((await as.put(`/api/tags/${mine.id}`, { name: "Mine", color: mine.color.toUpperCase() })).body.version).toBe(
      2,
    );
    expect(verdict(await as.put(`/api/tags/${mine.id}`, { color: "#112233" }))).toBe("422 /name");
  });

  test("a name is free again after its tag is deleted, and a new tag of it is on no old task", async () => {
    const task = await as.make({ tags: ["phoenix"] });
    await as.delete(`/api/tags/${task.tags[0]?.id}`);
    const again = await as.makeTag("Phoenix");
    expect(again.id).not.toBe(task.tags[0]?.id ?? "");
    expect((await as.get(`/api/tasks/${task.id}`)).body.tags).toEqual([]);
    expect((await as.patch(`/api/tasks/${task.id}`, { tags: ["phoenix"] })).body.tags).toMatchObject([
      { id: again.id, name: "Phoenix" },
    ]);
  });
});

describe("the list of tags", () => {
  test("is alphabetical, case-insensitive, in pages, and by prefix", async () => {
    const bob = clientOf(api, await api.signUp());
    for (const name of ["banana", "Apple", "apricot", "Ägypten", "äpfel", "cherry", "%", "a_b", "日本"])
      await bob.makeTag(name);
    const all = ["%", "a_b", "Apple", "apricot", "banana", "cherry", "Ägypten", "äpfel", "日本"];
    expect(await names(bob)).toEqual(all);
    expect(await names(bob, "?prefix=AP")).toEqual(["Apple", "apricot"]);
    expect(await names(bob, "?prefix=%C3%84")).toEqual(["Ägypten", "äpfel"]);
    expect(await names(bob, "?prefix=%25")).toEqual(["%"]);
    expect(await names(bob, "?prefix=a_")).toEqual(["a_b"]);
    expect(await names(bob, "?prefix=")).toEqual(all);
    expect(await names(bob, "?prefix=x")).toEqual([]);
    const paged: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await bob.get(`/api/tags?limit=2${cursor}`);
      paged.push(...body.data.map((tag: Tag) => tag.name));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
      await bob.makeTag(`a${paged.length}`);
    }
    expect(paged.filter((name) => all.includes(name))).toEqual(all);
    const { next_cursor } = (await bob.get("/api/tags?limit=2")).body;
    expect(verdict(await bob.get(`/api/tags?limit=2&prefix=a&cursor=${next_cursor}`))).toBe("422 cursor");
    expect(verdict(await as.get(`/api/tags?limit=2&cursor=${next_cursor}`))).toBe("422 cursor");
  });

  test("of one user reveals nothing of another's, whose tags are 404", async () => {
    const bob = clientOf(api, await api.signUp());
    const { id } = await as.makeTag("secret");
    expect(await names(bob)).toEqual([]);
    expect((await bob.put(`/api/tags/${id}`, { name: "mine now" })).status).toBe(404);
    expect((await bob.delete(`/api/tags/${id}`)).status).toBe(404);
    expect((await bob.put(`/api/tags/${id}`, { nonsense: true })).status).toBe(404);
    expect(await names(as, "?prefix=secret")).toEqual(["secret"]);
  });
});
