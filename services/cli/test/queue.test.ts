import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { type Got, machine, problem, standIn } from "./rig.ts";

const isCreation = ({ method, path }: Got): boolean => method === "POST" && path === "/api/tasks";
const titles = (product: ReturnType<typeof standIn>): unknown[] =>
  product.got.filter(isCreation).map(({ body }) => (body as { title: string }).title);

test("without the product changes are kept in order, and each is done once when it is back", async () => {
  const here = machine("http://127.0.0.1:1");
  for (const text of ["first", "second", "third"]) {
    const { code, err } = await here.carillon("add", text);
    expect(code).toBe(75);
    expect(err).toContain("kept and sent with the next command");
  }
  const product = standIn();
  // The same product at another port.
  moveQueue(here.home, "http://127.0.0.1:1", product.url);
  here.world.env.CARILLON_URL = product.url;
  here.world.now = new Date("2026-12-03T08:00:00Z");
  const { code, err } = await here.carillon("list");
  expect(code).toBe(0);
  expect(err).toContain('Sent: add "first"');
  expect(titles(product)).toEqual(["first", "second", "third"]);
  // Words mean what they meant when they were typed.
  expect(product.got.find(({ path }) => path.endsWith("/parse"))?.body).toEqual({
    text: "first",
    now: "2026-12-01T08:00:00.000Z",
  });
  await here.carillon("list");
  expect(titles(product)).toHaveLength(3);
  here.dispose();
  await product.stop();
});

/** What is kept belongs to an account of a product at its address. */
function moveQueue(home: string, from: string, to: string): void {
  const key = (url: string): string =>
    new Bun.CryptoHasher("sha256").update(`${url}\ntoken`).digest("hex").slice(0, 32);
  const db = new Database(join(home, ".local/state/carillon/state.db"));
  db.run("update writes set account = ? where account = ?", [key(to), key(from)]);
  db.close();
}

test("after a lost answer the same request goes out with the same key, whatever the words would mean by then", async () => {
  let away = true;
  const product = standIn((got) => {
    if (got.path.endsWith("/parse"))
      return Response.json({ title: `read ${product.got.length}`, pieces: [], reasons: [], preview: [] });
    return isCreation(got) && away ? problem(503, "Soon.") : null;
  });
  const here = machine(product.url);
  expect(await here.carillon("add", "x")).toMatchObject({ code: 75 });
  away = false;
  expect(await here.carillon("list")).toMatchObject({ code: 0 });
  const [first, second, ...more] = product.got.filter(isCreation);
  expect(more).toEqual([]);
  expect(first?.key).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toEqual(first);
  here.dispose();
  await product.stop();
});

test("an answer that is not the product's own is no success: the change stays", async () => {
  let isHotel = true;
  const product = standIn((got) => (isHotel && isCreation(got) ? new Response("<h1>Sign in to the hotel</h1>") : null));
  const here = machine(product.url);
  expect(await here.carillon("add", "x")).toMatchObject({ code: 75 });
  isHotel = false;
  await here.carillon("list");
  expect(titles(product)).toEqual(["x", "x"]);
  expect((await here.carillon("queue")).err).toContain("Nothing waits");
  here.dispose();
  await product.stop();
});

test("what waited and is refused is set apart, and the others go on; it is dropped or retried by hand", async () => {
  let away = true;
  let strict = true;
  const product = standIn((got) => {
    if (got.path.endsWith("/parse") && away) return problem(503, "Soon.");
    return isCreation(got) && strict && (got.body as { title: string }).title === "bad"
      ? problem(422, "Not that.")
      : null;
  });
  const here = machine(product.url);
  for (const text of ["good", "bad", "better"]) await here.carillon("add", text);
  away = false;
  const { code, err } = await here.carillon("list");
  expect(code).toBe(0);
  expect(err).toContain('Refused: add "bad": Not that.');
  expect(titles(product)).toEqual(["good", "bad", "better"]);
  const { out } = await here.carillon("queue", "--json");
  expect(JSON.parse(out)).toMatchObject([{ number: 1, state: "refused", say: 'add "bad"', reason: "Not that." }]);
  strict = false;
  expect(await here.carillon("queue", "retry", "1")).toMatchObject({ code: 0 });
  const keys = product.got.filter(isCreation).map(({ key }) => key);
  expect(new Set(keys).size).toBe(4);
  expect((await here.carillon("queue")).err).toContain("Nothing waits");
  expect(await here.carillon("queue", "drop", "1")).toMatchObject({ code: 2 });
  here.dispose();
  await product.stop();
});

test("what is refused at once is not kept: its user has read why", async () => {
  const product = standIn((got) => (isCreation(got) ? problem(422, "Not that.") : null));
  const here = machine(product.url);
  expect(await here.carillon("add", "x")).toMatchObject({ code: 1 });
  expect((await here.carillon("queue")).err).toContain("Nothing waits");
  here.dispose();
  await product.stop();
});

test("a change without an answer for 23 hours is not sent again by itself: the product's memory of it ends", async () => {
  let away = true;
  const product = standIn((got) => (isCreation(got) && away ? problem(503, "Soon.") : null));
  const here = machine(product.url);
  await here.carillon("add", "x");
  away = false;
  here.world.now = new Date("2026-12-02T07:30:00Z");
  const { err } = await here.carillon("list");
  expect(err).toContain("more than 23 hours ago");
  expect(titles(product)).toHaveLength(1);
  expect((await here.carillon("queue")).out).toContain("refused");
  here.dispose();
  await product.stop();
});

test("500 changes wait at most; one more is not kept, and says so", async () => {
  const product = standIn(({ path }) => (path === "/api/auth/me" ? null : problem(503, "Soon.")));
  const here = machine(product.url);
  const ids = Array.from({ length: 50 }, (_, at) => `01900000-0000-7000-8000-${String(at).padStart(12, "9")}`);
  for (let line = 0; line < 10; line++) expect(await here.carillon("done", ...ids)).toMatchObject({ code: 75 });
  const { code, err } = await here.carillon("add", "one too many");
  expect({ code, err }).toMatchObject({ code: 75, err: expect.stringContaining("500 changes wait") });
  expect((await here.carillon("queue")).out.trimEnd().split("\n")).toHaveLength(500);
  expect(product.writes()).toEqual([]);
  here.dispose();
  await product.stop();
});

test("another account's changes stay where they are", async () => {
  const product = standIn((got) => (isCreation(got) && got.token === "token" ? problem(503, "Soon.") : null));
  const here = machine(product.url);
  await here.carillon("add", "Ada's");
  here.world.env.CARILLON_TOKEN = "bob";
  await here.carillon("add", "Bob's");
  expect(product.got.filter((got) => isCreation(got) && got.token === "bob").map(({ body }) => body)).toEqual([
    { title: "Bob's" },
  ]);
  here.world.env.CARILLON_TOKEN = "token";
  expect((await here.carillon("queue")).out).toContain("Ada's");
  here.dispose();
  await product.stop();
});

test("two commands at once send each change once, in order", async () => {
  let away = true;
  let underWay = 0;
  let most = 0;
  const product = standIn(async (got) => {
    if (!isCreation(got)) return null;
    if (away) return problem(503, "Soon.");
    most = Math.max(most, ++underWay);
    await Bun.sleep(2);
    underWay--;
    return null;
  });
  const here = machine(product.url);
  for (const text of ["a", "b", "c"]) await here.carillon("add", text);
  away = false;
  product.got.length = 0;
  const program = join(import.meta.dir, "../src/main.ts");
  const env = { ...here.world.env, HOME: here.home, PATH: process.env.PATH ?? "" };
  const start = () =>
    Bun.spawn([process.execPath, "--no-env-file", program, "list"], { env, stdout: "ignore", stderr: "ignore" });
  const codes = await Promise.all([start().exited, start().exited]);
  expect(codes).toEqual([0, 0]);
  expect(titles(product)).toEqual(["a", "b", "c"]);
  expect(most).toBe(1);
  here.dispose();
  await product.stop();
});

test("a command that is killed while it sends loses nothing and doubles nothing", async () => {
  const asked = Promise.withResolvers<void>();
  let hangs = true;
  const product = standIn(async (got) => {
    if (!isCreation(got) || !hangs) return null;
    asked.resolve();
    await Bun.sleep(60_000);
    return null;
  });
  const here = machine(product.url);
  const program = join(import.meta.dir, "../src/main.ts");
  const env = { ...here.world.env, HOME: here.home, PATH: process.env.PATH ?? "" };
  const child = Bun.spawn([process.execPath, "--no-env-file", program, "add", "x"], {
    env,
    stdout: "ignore",
    stderr: "ignore",
  });
  await asked.promise;
  child.kill("SIGKILL");
  await child.exited;
  hangs = false;
  here.world.now = new Date();
  expect(await here.carillon("list")).toMatchObject({ code: 0 });
  const sent = product.got.filter(isCreation);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual(sent[0] as Got);
  here.dispose();
  await product.stop();
});
