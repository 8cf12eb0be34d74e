import { expect, test } from "bun:test";
import { join } from "node:path";
import { isOfConnection } from "./last-fence.ts";
import { noteRequest, suspects } from "./requests-under-way.ts";

const thrownIn = (message: string, file: string): TypeError => {
  const error = new TypeError(message);
  error.stack = `TypeError: ${message}\n    at nextWrite (/app/node_modules/${file}:255:15)`;
  return error;
};

test("a write to a socket that postgres.js has just lost does not end the process", () => {
  const message = "null is not an object (evaluating 'socket.write')";
  expect(isOfConnection(thrownIn(message, "postgres/src/connection.js"))).toBe(true);
});

test("any other failure thrown outside every promise does", () => {
  expect(isOfConnection(thrownIn("null is not an object (evaluating 'socket.write')", "elsewhere/index.js"))).toBe(
    false,
  );
  expect(isOfConnection(thrownIn("undefined is not a function", "postgres/src/connection.js"))).toBe(false);
  expect(isOfConnection("socket")).toBe(false);
});

test("a new connection's question for types that was refused does not end the process, another statement that was left behind is noted", () => {
  const refused = (query: string) => Object.assign(new Error("canceling statement due to user request"), { query });
  expect(isOfConnection(refused("\n      select b.oid, b.typarray\n      from pg_catalog.pg_type a"))).toBe(true);
  expect(isOfConnection(refused("select 1"))).toBe(false);
});

/** The output of a process with the fence, and how it ends, after running that code. */
async function outcomeOf(code: string): Promise<{ exitCode: number; said: string }> {
  const file = (path: string) => JSON.stringify(join(import.meta.dir, path));
  const program = `
    import { standLastFence } from ${file("last-fence.ts")};
    import { noteRequest } from ${file("requests-under-way.ts")};
    import { fatal } from ${file("../loop/fatal.ts")};
    import { metrics } from ${file("../observe/metrics.ts")};
    const quiet = () => {};
    const say = (message, { requests }) => console.log(message, ...(requests ?? []).map(({ route }) => route));
    standLastFence({ debug: quiet, info: quiet, warn: quiet, error: say }, (code) => setTimeout(() => { console.log("stopped in order"); process.exit(code); }, 20));
    const context = { trace: { traceId: "t" }, path: "", peer: () => null, caller: () => null, fields: { route: "/tasks/:id" } };
    const answer = noteRequest(context);
    ${code};
    setTimeout(async () => {
      const [{ value }] = (await metrics.orphanedRejections.get()).values;
      console.log("lives on, counted", value);
      process.exit(0);
    }, 400);`;
  const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "pipe" });
  const [said, exitCode] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  return { exitCode, said };
}

const left = "a request left work behind that failed /tasks/:id\nlives on, counted 1\n";
const ended = "a failure nothing caught\nstopped in order\n";

test.each([
  ["a rejection while a request is under way", "Promise.reject(new Error('no'))", 0, left],
  ["one after its answer", "answer(); setTimeout(() => Promise.reject(new Error('no')), 50)", 0, left],
])("G32: %s does not end the process; it is logged and counted", async (_name, code, exitCode, said) => {
  expect(await outcomeOf(code)).toEqual({ exitCode, said });
});

test.each([
  ["a rejection that belongs to no request", "noteRequest; globalThis.x = Promise.reject(new Error('no'))", true],
  ["a failure thrown outside every promise", "setTimeout(() => { throw new Error('no') })", false],
  ["work that nothing replaces", "Promise.reject(new Error('no')).catch(fatal)", false],
])("G24: %s ends the process in order and with a line in the log", async (_name, code, isIdle) => {
  // A minute after the last request failures belong to no request.
  const later = "answer(); performance.now = () => 61_000 + Number(process.hrtime.bigint() / 1_000_000n);";
  expect(await outcomeOf(isIdle ? `${later} ${code}` : code)).toEqual({ exitCode: 1, said: ended });
});

test("a failure can come from the requests under way and from those that ended within a minute", () => {
  const context = (route: string) => ({
    trace: { traceId: route, spanId: "", sampled: false },
    path: "",
    peer: () => null,
    caller: () => null,
    fields: { route },
  });
  expect(suspects()).toEqual([]);
  const leave = noteRequest(context("/a"));
  const still = noteRequest(context("/b"));
  leave();
  expect(suspects().map(({ route }) => route)).toEqual(["/b", "/a"]);
  still();
  expect(suspects(performance.now() + 61_000)).toEqual([]);
});
