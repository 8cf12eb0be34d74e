import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { partAgain } from "../src/older/part-again.ts";
import { type Client, clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";

let api: Harness;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  as = clientOf(api, await api.signUp());
});
afterAll(() => api.close());

const found = async (search: string): Promise<string[]> =>
  (await as.titles(`?search=${encodeURIComponent(search)}&limit=100`)).toSorted();

describe("a search", () => {
  beforeAll(async () => {
    await as.make({ title: "Quarterly report", description: "numbers for the board" });
    await as.make({ title: "Reporting line", description: "who tells whom" });
    await as.make({ title: "Buy milk", description: "report back when done; see https://example.com/a/b?c=d" });
    await as.make({ title: "“Quoted” — title…", description: "naïve café" });
    await as.make({ title: "École d’été", description: "ada@example.com, well-known" });
    await as.make({ title: "日本語、東京", description: "🎉party🎉 O'Clock" });
    await as.make({ title: "Either or neither", description: "50% off & more" });
  });

  test.each<[string, string[]]>([
    ["report", ["Buy milk", "Quarterly report", "Reporting line"]],
    ["REPORT", ["Buy milk", "Quarterly report", "Reporting line"]],
    ["repo", ["Buy milk", "Quarterly report", "Reporting line"]],
    ['"report"', ["Buy milk", "Quarterly report"]],
    ["report quart", ["Quarterly report"]],
    ['"quarterly report"', ["Quarterly report"]],
    ['"report quarterly"', []],
    ["report -quarterly", ["Buy milk", "Reporting line"]],
    ["report -quarter", ["Buy milk", "Quarterly report", "Reporting line"]],
    ['report -"quarterly report" -reporting', ["Buy milk"]],
    ["quarterly or milk", ["Buy milk", "Quarterly report"]],
    ["quarterly OR milk OR nothing", ["Buy milk", "Quarterly report"]],
    ["or", ["Either or neither"]],
    ["board milk", []],
    ["quoted", ["“Quoted” — title…"]],
    ["title", ["“Quoted” — title…"]],
    ["naïve", ["“Quoted” — title…"]],
    ["cafe\u0301", ["“Quoted” — title…"]],
    ["cafe", ["“Quoted” — title…"]],
    ["本語", ["日本語、東京"]],
    ["école", ["École d’été"]],
    ["ÉTÉ", ["École d’été"]],
    ["ada@example.com", ["École d’été"]],
    ["well-kn", ["École d’été"]],
    ["https://example.com/a/b?c=d", ["Buy milk"]],
    ["example.com", ["Buy milk", "École d’été"]],
    ["東京", ["日本語、東京"]],
    ["party", ["日本語、東京"]],
    ["o'clock", ["日本語、東京"]],
    ["ｐａｒｔｙ", ["日本語、東京"]],
    ["50% off & more", ["Either or neither"]],
    ["(quarterly)", ["Quarterly report"]],
    ["quarterly:*", ["Quarterly report"]],
    ["quart <-> report", ["Quarterly report"]],
    ["!!!", []],
    ["🎉", ["日本語、東京"]],
    ["—", []],
    ["-", []],
    ['""', []],
  ])("%s", async (search, titles) => {
    expect(await found(search)).toEqual(titles.toSorted());
  });

  test("that is empty or blank is no search", async () => {
    expect(await as.titles("?search=")).toHaveLength(7);
    expect(await as.titles("?search=%20%20&sort=title")).toHaveLength(7);
  });

  test("ranks a word in the title above the same word in the description", async () => {
    const eve = clientOf(api, await api.signUp());
    await eve.make({ title: "other", description: "budget" });
    await eve.make({ title: "budget", description: "other" });
    await eve.make({ title: "more", description: "budget other words" });
    expect((await eve.titles("?search=budget"))[0]).toBe("budget");
    expect((await eve.titles("?search=budget&sort=-relevance")).at(-1)).toBe("budget");
  });

  test("finds a task's current text, not the former", async () => {
    const eve = clientOf(api, await api.signUp());
    const { id } = await eve.make({ title: "apple", description: "pear" });
    await eve.patch(`/api/tasks/${id}`, { title: "quince" });
    expect(await eve.titles("?search=apple")).toEqual([]);
    expect(await eve.titles("?search=quince%20pear")).toEqual(["quince"]);
    await eve.patch(`/api/tasks/${id}`, { priority: "high", description: null });
    expect(await eve.titles("?search=quince")).toEqual(["quince"]);
    expect(await eve.titles("?search=pear")).toEqual([]);
  });

  test("finds the longest word a title can hold, whatever it unfolds to", async () => {
    const eve = clientOf(api, await api.signUp());
    for (const letter of ["𠀀", "a", "㌖", "ﷺ"]) {
      await eve.make({ title: letter.repeat(500), description: letter.repeat(20_000) });
      expect((await eve.get(`/api/tasks?search=${encodeURIComponent(letter.repeat(200))}`)).status).toBe(200);
    }
    expect(await eve.titles("?search=aaaa")).toEqual(["a".repeat(500)]);
  });
});

describe("PostgreSQL and the search", () => {
  const piece = fc.constantFrom(
    ...'foo bar or OR - -- " \' \\ :* & | ! ( ) <-> < > a-b x.y 1.5 é 日本 @ a@b.c -foo -" "- \'s _ or_ or- ~ or( , ; / x/y'.split(
      " ",
    ),
    " ",
  );
  const nasty = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));

  test("agree whatever is typed: never a 500", async () => {
    const anything = fc.oneof(
      nasty,
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (search) => {
        const { status } = await as.get(`/api/tasks?search=${encodeURIComponent(search.toWellFormed())}`);
        expect(status).toBe(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(search) ? 422 : 200);
      }),
      { numRuns: 300 },
    );
  });
});

describe("what is reported of others", () => {
  let eve: Client;
  beforeAll(async () => {
    eve = clientOf(api, await api.signUp());
    await eve.make({ title: "Call mother/father", description: "office/home split" });
    await eve.make({ title: "Lamps", description: "see https://shop.example.com/lamps/brass?id=7" });
    for (const title of ["新しい電池を買う", "预订周五的火车票", "จองตั๋วรถไฟ", "Straße fegen", "Ёлка", "🎂 Cake"])
      await eve.make({ title });
    await eve.make({ title: "Prune roses", tags: ["Garten"] });
    const { id } = await eve.make({ title: "Mow", tags: ["Garten"] });
    await eve.patch(`/api/tasks/${id}/complete`);
  });

  test.each<[string, string[]]>([
    ["father", ["Call mother/father"]],
    ["home", ["Call mother/father"]],
    ["father call", ["Call mother/father"]],
    ["brass", ["Lamps"]],
    ["電池", ["新しい電池を買う"]],
    ["新しい", ["新しい電池を買う"]],
    ["火车票", ["预订周五的火车票"]],
    ["五", ["预订周五的火车票"]],
    ["票", ["预订周五的火车票"]],
    ["รถไฟ", ["จองตั๋วรถไฟ"]],
    ["strasse", ["Straße fegen"]],
    ["елка", ["Ёлка"]],
    ["🎂", ["🎂 Cake"]],
    ["garten", ["Mow", "Prune roses"]],
    ["garten roses", ["Prune roses"]],
    ["roses -garten", []],
    ["garten or cake", ["Mow", "Prune roses", "🎂 Cake"]],
  ])("%s finds %j", async (search, titles) => {
    for (const sort of ["relevance", "due_date"])
      expect((await eve.titles(`?search=${encodeURIComponent(search)}&sort=${sort}`)).toSorted()).toEqual(
        titles.toSorted(),
      );
  });

  test("rows of an older release are found as well once they were parted again, and no event speaks of it", async () => {
    await api.sql`update api.tasks set search = to_tsvector('simple', lower(title || ' ' || description)), search_edition = 0`;
    expect(await eve.titles(`?search=${encodeURIComponent("電池")}`)).toEqual([]);
    const events = async () => (await api.sql`select count(*)::int as count from api.outbox`)[0]?.count;
    const before = await events();
    while (!(await partAgain(api.deps)));
    expect(await eve.titles(`?search=${encodeURIComponent("電池")}`)).toEqual(["新しい電池を買う"]);
    expect(await eve.titles("?search=brass")).toEqual(["Lamps"]);
    expect(await events()).toBe(before);
  });
});
