import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Task } from "@carillon/contracts/http/tasks";
import { until } from "@carillon/testing/until";
import { password, signUp } from "../../src/client.ts";
import { type Product, startProduct } from "../../src/product.ts";

setDefaultTimeout(120_000);

const program = resolve(import.meta.dir, "../../../cli/src/main.ts");
let product: Product;
let home: string;
beforeAll(async () => {
  product = await startProduct();
  home = mkdtempSync(join(tmpdir(), "carillon-cli-"));
});
afterAll(async () => {
  await product.dispose();
  rmSync(home, { recursive: true, force: true });
});

const start = (line: string[], input = "") =>
  Bun.spawn([process.execPath, "--no-env-file", program, ...line], {
    cwd: home,
    env: { HOME: home, PATH: process.env.PATH ?? "", CARILLON_REALTIME_URL: product.realtime },
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  });

async function carillon(...line: string[]) {
  const child = start(line);
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
}

const json = async <Answer>(...line: string[]): Promise<Answer> => {
  const { code, out, err } = await carillon(...line, "--json");
  expect({ code, err }).toMatchObject({ code: 0 });
  return JSON.parse(out);
};

test("from sign-in to export and import, a terminal does what the pages do", async () => {
  const ada = await signUp(product.api, "terminal");
  const login = start(["login", "--url", product.api, "--email", ada.email], `${password}\n`);
  expect(await login.exited).toBe(0);

  const added = await carillon("add", "water the plants every 3 days at 9am #home !high");
  expect(added).toMatchObject({ code: 0, out: expect.stringContaining("repeats    every 3 days") });
  const { data } = await json<{ data: Task[] }>("list", "--tag", "home");
  expect(data).toMatchObject([{ title: "water the plants", priority: "high", tags: [{ name: "home" }] }]);
  const watch = start(["watch", "--json"]);
  const events = watched(watch.stdout);
  const notes = watched(watch.stderr);
  await until("the stream is open", async () => notes.some((one) => one.includes("Watching")), 20_000);

  expect(await carillon("edit", "1", "--title", "Water the plants", "--due", "in 2 days at 8am")).toMatchObject({
    code: 0,
  });
  expect(await carillon("done", "1")).toMatchObject({ code: 0, out: expect.stringContaining("done Water the plants") });
  expect(await carillon("done", "1")).toMatchObject({ code: 0, out: expect.stringContaining("unchanged") });
  const followers = async () => (await json<{ data: Task[] }>("list")).data;
  await until("the next one", async () => (await followers()).length === 1, 20_000);
  expect(await carillon("undo")).toMatchObject({ code: 0, out: expect.stringContaining("taken back complete") });
  expect(await json<{ data: Task[] }>("list")).toMatchObject({ data: [{ id: data[0]?.id, completed: false }] });
  await until(
    "the stream has the completion",
    async () => events.some((one) => one.includes("task.completed")),
    20_000,
  );
  watch.kill("SIGINT");
  expect(await watch.exited).toBe(0);

  expect(await carillon("skip", "1")).toMatchObject({ code: 0 });
  expect(await carillon("delete", "1")).toMatchObject({ code: 0 });
  expect(await carillon("show", data[0]?.id ?? "")).toMatchObject({ code: 4 });
  expect(await carillon("undo")).toMatchObject({ code: 0 });
  expect(await carillon("show", data[0]?.id ?? "")).toMatchObject({ code: 0 });

  for (const format of ["json", "csv", "ics", "zip"])
    expect(await carillon("export", `all.${format}`)).toMatchObject({ code: 0 });
  expect(await json("import", "all.json", "--dry-run")).toMatchObject({ created: 0, dry_run: true });
  await Bun.write(join(home, "more.csv"), "title\nFrom a table\n");
  expect(await json("import", "more.csv")).toMatchObject({ created: 1, batch_id: expect.any(String) });
  expect(await carillon("undo")).toMatchObject({ code: 0, out: expect.stringContaining("import of more.csv") });
  expect((await json<{ data: Task[] }>("list", "table")).data).toEqual([]);

  const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "tests", version: "1" } };
  const mcp = start(["mcp"], `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello })}\n`);
  expect(JSON.parse(await new Response(mcp.stdout).text())).toMatchObject({ id: 1, result: { serverInfo: {} } });
  expect(await carillon("logout")).toMatchObject({ code: 0 });
  expect(await carillon("list")).toMatchObject({ code: 3 });
  expect((await ada.json<{ data: unknown[] }>("GET", "/api/sessions")).data).toHaveLength(1);
});

/** Lines that come in while the program runs. */
function watched(stream: ReadableStream<Uint8Array>): string[] {
  const lines: string[] = [];
  const read = async () => {
    for await (const part of stream) lines.push(new TextDecoder().decode(part));
  };
  read().catch(() => {});
  return lines;
}
