import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

const newcomer = async (): Promise<Client> => clientOf(api, await api.signUp());
const byId = (a: Task, b: Task): number => (a.id < b.id ? -1 : 1);

/** Thirty tasks with many ties, a third without a due date, each created at a time of its own. */
async function thirty(as: Client): Promise<Task[]> {
  for (let n = 0; n < 30; n++) {
    api.clock.advance(n % 4 === 0 ? 1_000 : 0);
    await as.make({
      title: ["b report", "A report", "a report", "ä report", "z"][n % 5],
      priority: ["low", "medium", "high", "urgent"][n % 4],
      due_date: n % 3 === 0 ? null : new Date(Date.UTC(2190, 0, 1 + (n % 6))).toISOString(),
      description: n % 2 === 0 ? "report report" : "",
    });
  }
  return as.listAll();
}

/** The sort's values for comparison: null is a missing date. */
const sortValueOf: Record<string, (task: Task) => string | number | null> = {
  due_date: (task) => task.due_date,
  priority: (task) => ["low", "medium", "high", "urgent"].indexOf(task.priority),
  created_at: (task) => task.created_at,
  updated_at: (task) => task.updated_at,
  title: (task) => task.title,
};

const alphabet = new Intl.Collator("und");

const sorted = (tasks: readonly Task[], sort: string): Task[] => {
  const value = sortValueOf[sort.replace("-", "")] ?? (() => null);
  const direction = sort.startsWith("-") ? -1 : 1;
  return tasks.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === y) return byId(a, b);
    if (x === null || y === null) return x === null ? 1 : -1;
    if (sort.endsWith("title")) return alphabet.compare(String(x), String(y)) * direction;
    return x < y ? -direction : direction;
  });
};

const sorts = Object.keys(sortValueOf).flatMap((key) => [key, `-${key}`]);

describe("pages", () => {
  test("of every sort, both ways, hold all tasks in order: missing dates last, ties by id", async () => {
    const as = await newcomer();
    const all = await thirty(as);
    for (const sort of sorts) {
      const expected = sorted(all, sort).map((task) => task.id);
      for (const limit of [1, 7, 30, 100]) {
        const pages = await as.listAll(`?sort=${sort}&limit=${limit}`);
        expect(pages.map((task) => task.id)).toEqual(expected);
      }
    }
  });

  test("by relevance hold all matches, once, the best first", async () => {
    const as = await newcomer();
    await thirty(as);
    const best = await as.listAll("?search=report&limit=100");
    expect(best).toHaveLength(27);
    expect((await as.listAll("?search=report&limit=2")).map((task) => task.id)).toEqual(best.map((task) => task.id));
    const worst = await as.listAll("?search=report&limit=4&sort=-relevance");
    expect(worst.map((task) => task.id).toSorted()).toEqual(best.map((task) => task.id).toSorted());
    expect(worst.at(-1)?.title).not.toBe("z");
  });

  test("neither repeat nor omit a task when others come, go and move between them", async () => {
    for (const sort of [...sorts, "relevance"]) {
      const as = await newcomer();
      const all = await thirty(as);
      const untouched = all.filter((_, index) => index % 3 !== 0);
      const seen: string[] = [];
      let cursor = "";
      for (let page = 0; ; page++) {
        const { body } = await as.get(
          `/api/tasks?sort=${sort}&limit=4${sort === "relevance" ? "&search=report%20or%20z" : ""}${cursor}`,
        );
        seen.push(...body.data.map((task: Task) => task.id));
        if (body.next_cursor === null) break;
        cursor = `&cursor=${body.next_cursor}`;
        await as.make({ title: "a report", due_date: page % 2 ? null : "2189-12-31T00:00:00Z", priority: "low" });
        await as.make({ title: "zz", due_date: "2199-12-31T00:00:00Z", priority: "urgent" });
        const touched = all[page * 3];
        if (touched)
          await (page % 2
            ? as.delete(`/api/tasks/${touched.id}`)
            : as.patch(`/api/tasks/${touched.id}`, { title: "m report", priority: "high" }));
      }
      for (const { id } of untouched) expect(seen.filter((one) => one === id)).toHaveLength(1);
    }
  });
});

describe("a cursor", () => {
  test("belongs to its user, filter and sort; the limit may change", async () => {
    const as = await newcomer();
    const bob = await newcomer();
    await thirty(as);
    await thirty(bob);
    const { next_cursor } = (await as.get("/api/tasks?limit=2&priority=high&sort=title")).body;
    const go = (query: string, who = as) => who.get(`/api/tasks?cursor=${next_cursor}&${query}`);
    expect((await go("limit=5&priority=high&sort=title")).body.data).toHaveLength(5);
    for (const query of [
      "priority=high",
      "priority=high&sort=-title",
      "priority=low&sort=title",
      "sort=title",
      "priority=high&sort=title&completed=false",
      "priority=high&sort=title&deleted=true",
      "priority=high&sort=title&search=a",
    ]) {
      expect(verdict(await go(query))).toBe("422 cursor");
    }
    expect(verdict(await go("limit=5&priority=high&sort=title", bob))).toBe("422 cursor");
    expect(verdict(await as.get(`/api/tags?cursor=${next_cursor}`))).toBe("422 cursor");
    expect(verdict(await as.get(`/api/sync?cursor=${next_cursor}`))).toBe("422 cursor");
  });

  test("cannot be forged or altered", async () => {
    const as = await newcomer();
    await thirty(as);
    const { next_cursor } = (await as.get("/api/tasks?limit=2")).body;
    const altered = next_cursor.slice(0, -4) + (next_cursor.endsWith("AAAA") ? "BBBB" : "AAAA");
    for (const cursor of [
      "x",
      "null",
      "0",
      "e30",
      altered,
      next_cursor.slice(0, -8),
      `${next_cursor}AAAA`,
      "A".repeat(2_000),
    ]) {
      expect(verdict(await as.get(`/api/tasks?limit=2&cursor=${cursor}`))).toBe("422 cursor");
    }
  });

  test("is null on the last page, also when that is exactly full, and on an empty one", async () => {
    const as = await newcomer();
    expect((await as.get("/api/tasks")).body).toEqual({ data: [], next_cursor: null });
    await thirty(as);
    expect((await as.get("/api/tasks?limit=30")).body.next_cursor).toBeNull();
    expect((await as.get("/api/tasks?limit=29")).body.next_cursor).toBeString();
    expect((await as.get("/api/tasks")).body.data).toHaveLength(30);
  });

  test("on the first undated task continues among the undated, both ways", async () => {
    const as = await newcomer();
    for (let n = 0; n < 6; n++) await as.make({ title: `${n}` });
    await as.make({ title: "dated", due_date: "2190-01-01T00:00:00Z" });
    for (const sort of ["due_date", "-due_date"]) {
      expect((await as.listAll(`?sort=${sort}&limit=2`)).map((task) => task.title)).toEqual([
        "dated",
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
      ]);
    }
  });
});

test("however many different lists are requested, connections keep the plans of the few common ones alone", async () => {
  const as = await newcomer();
  await as.make({ tags: ["x"] });
  for (const sort of sorts) {
    for (const filter of [
      "",
      "&completed=true",
      "&tag=x",
      "&overdue=true",
      "&search=a",
      "&priority=low&due_after=2190-01-01T00:00:00Z",
    ]) {
      await as.get(`/api/tasks?sort=${sort}${filter}`);
    }
  }
  const kept = await api.deps.sql<{ statement: string }[]>`
    select statement from pg_prepared_statements where statement like '%sort_value%' or statement like '%to_tsquery%'`;
  const lists = kept.filter(({ statement }) => !statement.includes("pg_prepared_statements"));
  const isRare = ({ statement }: { statement: string }): boolean =>
    statement.includes("overdue_at <=") || !/order by (coalesce\(t\.due_at, 'infinity'|ts_rank)/.test(statement);
  expect(lists.filter(isRare)).toEqual([]);
  // By status, priority and tag, from the beginning and behind a cursor, by due date and by relevance.
  expect(new Set(lists.map(({ statement }) => statement)).size).toBeWithin(1, 3 * 2 * 2 * 2 * 2 + 1);
});
