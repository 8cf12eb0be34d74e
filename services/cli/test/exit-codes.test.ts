import { expect, test } from "bun:test";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Got, machine, problem, standIn, task } from "./rig.ts";

const one = task();
const known = ({ method, path }: Got): Response | null =>
  method === "GET" && path.startsWith(`/api/tasks/${one.id}`) ? Response.json(one) : null;
const refusing =
  (status: number, more: object = {}) =>
  (got: Got): Response | null =>
    known(got) ?? (got.method === "GET" || got.path.endsWith("/parse") ? null : problem(status, "No.", more));

const cases: [what: string, line: string[], answer: (got: Got) => Response | null, code: number][] = [
  ["a task that is made", ["add", "Call Ada"], () => null, 0],
  ["help", ["--help"], () => null, 0],
  ["help of a command", ["add", "--help"], () => null, 0],
  ["no command", [], () => null, 0],
  ["a refused input", ["add", "x"], refusing(422), 1],
  ["a right that the token lacks", ["add", "x"], refusing(403), 1],
  ["an unknown command", ["sing"], () => null, 2],
  ["an unknown option", ["list", "--loud"], () => null, 2],
  ["an option of another command", ["list", "--plain"], () => null, 2],
  ["a missing word", ["show"], () => null, 2],
  ["a word too many", ["show", one.id, "x"], () => null, 2],
  ["a value that is none of its choices", ["add", "x", "--priority", "huge"], () => null, 2],
  ["what is no reference", ["show", "xyz"], () => null, 2],
  ["two days at once", ["list", "--today", "--overdue"], () => null, 2],
  ["an edit without anything in it", ["edit", one.id], known, 2],
  ["a token that is over", ["list"], () => problem(401, "Sign in."), 3],
  ["an unknown task", ["show", "01900000-0000-7000-8000-0000000fffff"], () => null, 4],
  ["a number that no list had", ["done", "7"], () => null, 4],
  ["a state that does not allow it", ["skip", one.id], refusing(409), 5],
  ["a change in the meantime", ["edit", one.id, "--title", "x"], refusing(412), 5],
  ["too many requests", ["list"], () => problem(429, "Later."), 75],
  ["a product that restarts", ["add", "x"], refusing(503), 75],
  ["a page of something else", ["list"], () => new Response("<h1>Welcome to the hotel</h1>"), 75],
];

test.each(cases)("%s: the exit code says it", async (_, line, answer, code) => {
  const product = standIn(answer);
  const here = machine(product.url);
  const ended = await here.carillon(...line);
  expect(ended).toMatchObject({ code });
  if (code !== 0) expect(ended.err).toStartWith("carillon: ");
  here.dispose();
  await product.stop();
});

test("a redirection is followed nowhere, so that no token goes with it", async () => {
  const elsewhere = standIn();
  const product = standIn(({ path }) => Response.redirect(`${elsewhere.url}${path}`, 307));
  const here = machine(product.url);
  for (const line of [["list"], ["add", "x"]])
    expect(await here.carillon(...line)).toMatchObject({ code: 75, err: expect.stringContaining("redirects") });
  expect(elsewhere.got).toEqual([]);
  here.dispose();
  await Promise.all([product.stop(), elsewhere.stop()]);
});

test("a product that is not there is 75, and nothing but the sentence is printed", async () => {
  const here = machine("http://127.0.0.1:1");
  expect(await here.carillon("list")).toMatchObject({ code: 75, out: "" });
  here.dispose();
});

test("what the product says of the input is printed with its pointers, and with --json as it came", async () => {
  const errors = [
    { pointer: "/title", detail: "is too long" },
    { pointer: "/tags/0", detail: "holds a control character" },
  ];
  const product = standIn(refusing(422, { errors }));
  const here = machine(product.url);
  const { err } = await here.carillon("add", "x");
  expect(err).toBe("carillon: No.\n  /title: is too long\n  /tags/0: holds a control character\n");
  const { err: json } = await here.carillon("add", "x", "--json");
  expect(JSON.parse(json)).toMatchObject({ detail: "No.", exit: 1, problem: { status: 422, errors } });
  here.dispose();
  await product.stop();
});

test("nothing that a task or the product says reaches the terminal as a command to it", async () => {
  const evil = "\u001b]0;owned\u0007\u001b[31m\u009b2J\u202etxt.exe\r";
  const product = standIn(({ method, path }) => {
    const bad = task({ title: evil, description: evil, tags: [{ id: "1", name: evil, color: "#000000" }] });
    if (method === "GET" && path === "/api/tasks") return Response.json({ data: [bad], next_cursor: null });
    if (method === "GET" && path.startsWith("/api/tasks/")) return Response.json(bad);
    return method === "GET" ? null : problem(409, evil, { errors: [{ pointer: evil, detail: evil }] });
  });
  const here = machine(product.url, { columns: 80 });
  here.world.env.NO_COLOR = "1";
  for (const line of [["list"], ["show", "1"], ["list", "--json"], ["skip", "1"], ["skip", "1", "--json"], [evil]]) {
    const { out, err } = await here.carillon(...line);
    expect((out + err).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  }
  here.dispose();
  await product.stop();
});

test("colours are for terminals without NO_COLOR; wide characters keep the columns in line", async () => {
  const tasks = [task({ title: "山田さん" }), task({ title: "e\u0301te", priority: "high" })];
  const product = standIn(({ path }) =>
    path === "/api/tasks" ? Response.json({ data: tasks, next_cursor: null }) : null,
  );
  const here = machine(product.url, { columns: 40 });
  expect((await here.carillon("list")).out).toContain("\u001b[");
  expect((await here.carillon("list", "--no-color")).out).not.toContain("\u001b[");
  here.world.env.NO_COLOR = "1";
  const { out } = await here.carillon("list");
  expect(out).not.toContain("\u001b[");
  const places = out
    .trimEnd()
    .split("\n")
    .map((line) => Bun.stringWidth(line.slice(0, line.lastIndexOf("  "))));
  expect(new Set(places)).toEqual(new Set([15]));
  here.dispose();
  await product.stop();
});

test("a sign-in is kept for its owner alone, goes to its own product alone, and is forgotten at sign-out", async () => {
  const product = standIn();
  const here = machine(product.url, { input: () => new Blob(["correct horse\n"]).stream() });
  here.world.env = {};
  expect(await here.carillon("login", "--url", product.url, "--email", "ada@example.com")).toMatchObject({ code: 0 });
  const file = join(here.home, ".config/carillon/credentials.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(product.got[0]?.body).toEqual({ email: "ada@example.com", password: "correct horse" });
  expect(await here.carillon("list")).toMatchObject({ code: 0 });
  expect(product.got.at(-1)?.token).toBe("session");
  here.world.env = { CARILLON_URL: "http://127.0.0.1:1" };
  expect(await here.carillon("list")).toMatchObject({ code: 3 });
  here.world.env = {};
  expect(await here.carillon("logout")).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8")).not.toContain("session");
  expect(await here.carillon("list")).toMatchObject({ code: 3 });
  here.dispose();
  await product.stop();
});

test("a session that has run out is renewed once, and kept", async () => {
  let isOver = true;
  const product = standIn(({ path, token }) => {
    if (path === "/api/auth/renew") return Response.json({ access_token: "newer" });
    if (path === "/api/signin") return null;
    return token === "session" && isOver ? problem(401, "Over.") : null;
  });
  const here = machine(product.url, { input: () => new Blob(["secret"]).stream() });
  here.world.env = {};
  await here.carillon("login", "--url", product.url, "--email", "ada@example.com");
  expect(await here.carillon("list")).toMatchObject({ code: 0 });
  isOver = true;
  expect(await here.carillon("list")).toMatchObject({ code: 0 });
  expect(product.got.filter(({ path }) => path === "/api/auth/renew")).toHaveLength(1);
  here.dispose();
  await product.stop();
});

test("a task is known by its number in the last list, and by either end of its id", async () => {
  const [first, second] = [
    task({ title: "first" }),
    task({ title: "second", id: "abcdef01-0000-7000-8000-00000000beef" }),
  ];
  const product = standIn(({ path }) => {
    if (path === "/api/tasks") return Response.json({ data: [first, second], next_cursor: null });
    const found = [first, second].find(({ id }) => path === `/api/tasks/${id}`);
    return found ? Response.json(found) : null;
  });
  const here = machine(product.url);
  await here.carillon("list");
  for (const word of ["2", "abcd", "beef", "ABCDEF01-0000", second.id])
    expect((await here.carillon("show", word)).out).toStartWith("second");
  expect(await here.carillon("show", "0000")).toMatchObject({ code: 4 });
  expect(await here.carillon("show", "3")).toMatchObject({ code: 4 });
  here.dispose();
  await product.stop();
});

test("a ZIP goes to a file or a pipe, and to no terminal", async () => {
  const bytes = new Uint8Array([80, 75, 5, 6]);
  const product = standIn(({ path }) =>
    path === "/api/tasks/export" ? new Response(bytes, { headers: { "content-type": "application/zip" } }) : null,
  );
  const [terminal, pipe] = [machine(product.url, { columns: 80 }), machine(product.url)];
  expect(await terminal.carillon("export", "--format", "zip")).toMatchObject({ code: 2, out: "" });
  expect(await pipe.carillon("export", "--format", "zip")).toMatchObject({ code: 0, out: "PK\u0005\u0006" });
  expect(await terminal.carillon("export", "all.zip")).toMatchObject({ code: 0 });
  expect(new Uint8Array(readFileSync(join(terminal.home, "all.zip")))).toEqual(bytes);
  terminal.dispose();
  pipe.dispose();
  await product.stop();
});

test("an export that is cut off leaves the file as it was", async () => {
  const product = standIn(({ path }) => {
    if (path !== "/api/tasks/export") return null;
    const parts = new ReadableStream({
      start(to) {
        to.enqueue(new TextEncoder().encode('{"format":'));
        setTimeout(() => product.stop().catch(() => {}), 20);
      },
    });
    return new Response(parts, { headers: { "content-type": "application/json" } });
  });
  const here = machine(product.url);
  const file = join(here.home, "tasks.json");
  writeFileSync(file, "old");
  expect(await here.carillon("export", "tasks.json")).toMatchObject({ code: 75 });
  expect(readFileSync(file, "utf8")).toBe("old");
  expect(await Bun.file(`${file}.part`).exists()).toBe(false);
  here.dispose();
});
