import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { partAgain } from "../src/older/part-again.ts";
import { searchOf, tsqueryOf } from "../src/tasks/search-query.ts";
import { searchVector } from "../src/tasks/search-text.ts";
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
    await as.make({ title: "Visit O’Brien", description: "don’t e-mail first; the checkin desk knows" });
    await as.make({ title: "کتاب علی ۱۲۳", description: "שָׁלוֹם בית־ספר צה״ל" });
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
    ["obrien", ["Visit O’Brien"]],
    ["OBRI", ["Visit O’Brien"]],
    ["o'brien", ["Visit O’Brien"]],
    ["oʼbrien", ["Visit O’Brien"]],
    ["brien", ["Visit O’Brien"]],
    ['"visit obrien"', ["Visit O’Brien"]],
    ["dont", ["Visit O’Brien"]],
    ["don't", ["Visit O’Brien"]],
    ["email", ["Visit O’Brien"]],
    ["e-mail", ["Visit O’Brien"]],
    ['"e mail first"', ["Visit O’Brien"]],
    ['"email first"', ["Visit O’Brien"]],
    ['"dont email"', ["Visit O’Brien"]],
    ["check-in", ["Visit O’Brien"]],
    ["check‑in", ["Visit O’Brien"]],
    ['"the check-in desk"', ["Visit O’Brien"]],
    ["first -email", []],
    ["first -dont", []],
    ["brien -knows-nothing", ["Visit O’Brien"]],
    ["كتاب", ["کتاب علی ۱۲۳"]],
    ["علي", ["کتاب علی ۱۲۳"]],
    ["على", ["کتاب علی ۱۲۳"]],
    ["كـتـاب", ["کتاب علی ۱۲۳"]],
    ["ﻛﺘﺎﺏ", ["کتاب علی ۱۲۳"]],
    ["123", ["کتاب علی ۱۲۳"]],
    ["١٢٣", ["کتاب علی ۱۲۳"]],
    ["שלום", ["کتاب علی ۱۲۳"]],
    ["ביתספר", ["کتاب علی ۱۲۳"]],
    ["בית־ספר", ["کتاب علی ۱۲۳"]],
    ['צה"ל', ["کتاب علی ۱۲۳"]],
    ["צהל", ["کتاب علی ۱۲۳"]],
  ])("%s", async (search, titles) => {
    expect(await found(search)).toEqual(titles.toSorted());
  });

  test("that is empty or blank is no search", async () => {
    expect(await as.titles("?search=")).toHaveLength(9);
    expect(await as.titles("?search=%20%20&sort=title")).toHaveLength(9);
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

  const isFound = async (text: string, search: string): Promise<boolean> => {
    const query = searchOf(search);
    if (query === null) return false;
    const [row] =
      await api.sql`select ${searchVector(text, "")}::text::tsvector @@ ${tsqueryOf(query)}::text::tsquery as found`;
    return row?.found === true;
  };
  const scripts = ["abcé", "αβγ", "жзий", "ابتی", "אבגד", "कखग", "აბგ", "한국어", "09٣५"];
  const unspaced = ["電池火", "のひら", "รถไฟ"];
  const wordOf = (script: string) => fc.string({ unit: fc.constantFrom(...script), minLength: 1, maxLength: 5 });
  const word = fc.constantFrom(...scripts).chain(wordOf);

  test("agree on every word of a text, whatever sign stands between the words", async () => {
    const sign = fc.constantFrom(..."/_.,;:<>()[]{}|@#&+=?!…–—«»“”・،؛؟।\u200b \n", "://", " - ", "--");
    const words = fc.array(fc.oneof(word, fc.constantFrom(...unspaced).chain(wordOf)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(words, sign, fc.nat(5), async (all, between, at) => {
        const one = all[at % all.length] ?? "";
        expect([all.join(between), one, await isFound(all.join(between), one)]).toEqual([all.join(between), one, true]);
      }),
      { numRuns: 200 },
    );
  });

  test("agree on any part of a stretch without blanks, and on no other", async () => {
    const stretch = fc
      .constantFrom(...unspaced)
      .chain((script) => fc.tuple(wordOf(script), wordOf(script), wordOf(script)));
    await fc.assert(
      fc.asyncProperty(stretch, async ([before, part, after]) => {
        expect(await isFound(`Buy ${before}${part}${after} now`, part)).toBe(true);
        expect(await isFound(`Buy ${before}${part}${after} now`, `${part}x無`)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("agree on words with apostrophes and hyphens: in parts, as one, and with any sign that looks so", async () => {
    const joiner = fc.constantFrom(..."'’ʼ‘`´′׳-‐‑־·");
    const parts = fc.array(word, { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(parts, joiner, joiner, fc.nat(3), async (all, wrote, typed, at) => {
        const [part, whole] = [all[at % all.length] ?? "", all.join("")];
        const searches = [
          all.join(typed),
          whole,
          part,
          all.join(" "),
          `"${all.join(typed)}"`,
          `"so ${whole}"`,
          `"${whole} it"`,
        ];
        for (const search of searches) {
          const text = `so ${all.join(wrote)} it is`;
          expect([text, search, await isFound(text, search)]).toEqual([text, search, true]);
        }
        expect([whole, await isFound(`so ${whole} it is`, `so ${all.join(typed)}`)]).toEqual([whole, true]);
        expect([whole, await isFound(`so ${whole} it is`, `"so ${all.join(typed)} it"`)]).toEqual([whole, true]);
      }),
      { numRuns: 100 },
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
    await eve.make({ title: "Weed", tags: ["D’Arcy’s co-op"] });
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
    ["darcys", ["Weed"]],
    ["arcy", ["Weed"]],
    ["coop", ["Weed"]],
    ["d'arcy's", ["Weed"]],
    ["co-op weed", ["Weed"]],
    ["weed -coop", []],
    ["garten or cake", ["Mow", "Prune roses", "🎂 Cake"]],
  ])("%s finds %j", async (search, titles) => {
    for (const sort of ["relevance", "due_date"])
      expect((await eve.titles(`?search=${encodeURIComponent(search)}&sort=${sort}`)).toSorted()).toEqual(
        titles.toSorted(),
      );
  });

  test.each([0, 1])(
    "rows of edition %d are found as well once they were parted again, and no event speaks of it",
    async (edition) => {
      await api.sql`
      update api.tasks set search = to_tsvector('simple', lower(title || ' ' || description)), search_edition = ${edition}`;
      expect(await eve.titles(`?search=${encodeURIComponent("電池")}`)).toEqual([]);
      const events = async () => (await api.sql`select count(*)::int as count from api.outbox`)[0]?.count;
      const before = await events();
      while (!(await partAgain(api.deps)));
      expect(await eve.titles(`?search=${encodeURIComponent("電池")}`)).toEqual(["新しい電池を買う"]);
      expect(await eve.titles("?search=brass")).toEqual(["Lamps"]);
      expect(await events()).toBe(before);
    },
  );
});
