import { afterAll, beforeAll, expect, test } from "bun:test";
import { foldTagsOfNext } from "../src/older/fold-tags.ts";
import { type Client, clientOf } from "./client.ts";
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
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

test("a name with blanks at its ends, of another composition or with other blanks is the name it looks like", async () => {
  expect((await as.post("/api/tags", { name: "Home " })).body.name).toBe("Home");
  for (const name of [" Home", "HOME", "Home\u00a0"]) expect((await as.post("/api/tags", { name })).status).toBe(409);
  const task = await as.make({ tags: ["  home  ", "two  words", "Two\u3000Words"] });
  expect(task.tags.map(({ name }) => name)).toEqual(["Home", "two  words"]);
  expect(await as.titles("?tag=two%20words")).toHaveLength(1);
});

test("doubles of an older release become the oldest of them, on every task, and nothing else is different", async () => {
  const eve = await api.signUp();
  const she = clientOf(api, eve);
  const tasks = await Promise.all(
    [["garden"], ["shop"], ["garden", "shop", "other"], ["shop", "garden"]].map((tags, at) =>
      she.make({ title: `Task ${at}`, tags }),
    ),
  );
  await she.delete(`/api/tasks/${tasks[1]?.id}`);
  await api.sql`set session_replication_role = replica`;
  await api.sql`update api.tags set name = 'Garden ', name_key = 'garden ' where user_id = ${eve.user.id} and name = 'shop'`;
  await api.sql`set session_replication_role = origin`;
  expect(await foldTagsOfNext(api.deps)).toBe(true);
  expect(await foldTagsOfNext(api.deps)).toBe(false);
  const tags = (await she.get("/api/tags")).body.data;
  expect(tags.map(({ name }: { name: string }) => name)).toEqual(["garden", "other"]);
  const shown = [...(await she.list("?sort=title")), ...(await she.list("?deleted=true"))];
  expect(shown.map(({ title, tags }) => [title, tags.map(({ name }) => name)])).toEqual([
    ["Task 0", ["garden"]],
    ["Task 2", ["garden", "other"]],
    ["Task 3", ["garden"]],
    ["Task 1", ["garden"]],
  ]);
});

test("B08: titles are in the order of the Unicode collation algorithm, in pages, both ways", async () => {
  const she = clientOf(api, await api.signUp());
  const titles = ["Übung", "Zebra", "Apfel", "éclair", "Banane", "apfel", "日本", "Ärger", "_x", "10 x", "2 x", "Zoë"];
  for (const title of titles) await she.make({ title });
  const sorted = titles.toSorted(new Intl.Collator("und").compare);
  expect((await she.listAll("?sort=title&limit=3")).map(({ title }) => title)).toEqual(sorted);
  expect((await she.listAll("?sort=-title&limit=5")).map(({ title }) => title)).toEqual(sorted.toReversed());
});
