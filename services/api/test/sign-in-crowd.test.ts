import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { appTokenHeader } from "@carillon/contracts/names";
import { FairQueue, type QueueCaller } from "../src/auth/admission/fair-queue.ts";
import { appToken, type Harness, startApi } from "./harness.ts";

/**
 * Hashing that blocks until the test opens the gate; `hashed` are the clients whose password was
 * checked.
 */
let hashed: string[] = [];
let gate = Promise.withResolvers<void>();
const queue = new FairQueue({ maxRunning: 2, maxWaiting: 20 });
const atTheGate = (caller: QueueCaller) =>
  queue.run(caller, async () => {
    hashed.push(caller.client);
    await gate.promise;
  });

let api: Harness;
beforeAll(async () => {
  api = await startApi({ ratePerMinute: 100 }, (deps) => ({
    ...deps,
    passwords: {
      ...deps.passwords,
      verifyNobody: async (_password, caller) => {
        await atTheGate(caller);
        return false;
      },
    },
  }));
});
beforeEach(() => {
  hashed = [];
  gate = Promise.withResolvers();
});
afterAll(async () => {
  await api.app.stop(true);
  await api.close();
});

let strangers = 0;
const body = () => JSON.stringify({ email: `crowd-${++strangers}@example.com`, password: "a guess" });
const headersFrom = (address: string) => ({
  "content-type": "application/json",
  [appTokenHeader]: appToken,
  "x-forwarded-for": address,
});

async function signIn(address: string, signal: AbortSignal | null = null): Promise<Response> {
  const request = { method: "POST", headers: headersFrom(address), body: body(), signal };
  return api.app.handle(new Request("http://localhost/api/signin", request));
}

/** Releases those blocked at the gate. */
const open = async (answers: readonly Promise<Response>[]) => {
  gate.resolve();
  return (await Promise.all(answers)).map(({ status }) => status);
};
/** The response, kept separately when it has this status. */
function noted(response: Response, status: number, aside: Response[]): Response {
  if (response.status === status) aside.push(response);
  return response;
}
const waitFor = async (condition: () => boolean) => {
  while (!condition()) await Bun.sleep(5);
};

describe("500 sign-ins at once", () => {
  test("cost the database little: those without a place are rejected before the first query", async () => {
    const before = (await api.sql`select from api.rate_limits`).count;
    const answers = Array.from({ length: 500 }, (_, n) => signIn(`192.${n >> 8}.2.${n & 255}`));
    await open(answers);
    const asked = (await api.sql`select from api.rate_limits`).count - before;
    expect(asked).toBeLessThanOrEqual(44);
  });

  test("make 20 wait; all others learn at once to retry in a second", async () => {
    const answers = Array.from({ length: 500 }, (_, n) => signIn(`203.${n >> 8}.113.${n & 255}`));
    const refused: Response[] = [];
    const watched = answers.map(async (answer) => noted(await answer, 503, refused));
    await waitFor(() => refused.length === 478);
    expect({ hashing: hashed.length, waiting: queue.waiting }).toEqual({ hashing: 2, waiting: 20 });
    expect(new Set(refused.map(({ headers }) => headers.get("retry-after")))).toEqual(new Set(["1"]));
    expect(await refused[0]?.json()).toMatchObject({
      type: "urn:carillon:problem:unavailable",
      detail: "Too many sign-ins right now. Try again in a second.",
    });
    const statuses = await open(watched);
    expect(statuses.filter((status) => status === 401)).toHaveLength(22);
    expect(hashed).toHaveLength(22);
  });

  test("of one client use up its own limit before they take a place in the queue", async () => {
    const answers = Array.from({ length: 44 }, () => signIn("198.51.100.1"));
    const limited: Response[] = [];
    const watched = answers.map(async (answer) => noted(await answer, 429, limited));
    await waitFor(() => limited.length === 24);
    const honest = signIn("198.51.100.2");
    await waitFor(() => queue.waiting === 19);
    await open([...watched, honest]);
    expect(hashed).toHaveLength(21);
    // Two of the crowd were already being hashed, and no other goes before it.
    expect(hashed.indexOf("198.51.100.2")).toBe(2);
  });
});

describe("a sign-in whose caller no longer waits", () => {
  test("is not hashed: its caller hung up", async () => {
    api.app.listen({ hostname: "127.0.0.1", port: 0 });
    const url = `http://127.0.0.1:${api.app.server?.port}/api/signin`;
    const busy = [signIn("192.0.2.1"), signIn("192.0.2.2")];
    await waitFor(() => hashed.length === 2);
    const leaving = new AbortController();
    const over = (address: string, signal: AbortSignal | null) =>
      fetch(url, { method: "POST", headers: headersFrom(address), body: body(), signal }).then(
        ({ status }) => status,
        () => "hung up",
      );
    const [left, stays] = [over("192.0.2.3", leaving.signal), over("192.0.2.4", null)];
    await waitFor(() => queue.waiting === 2);
    leaving.abort();
    expect(await left).toBe("hung up");
    await waitFor(() => queue.waiting === 1);
    await open(busy);
    expect(await stays).toBe(401);
    expect(hashed.sort()).toEqual(["192.0.2.1", "192.0.2.2", "192.0.2.4"]);
  });

  test("is not hashed: its deadline passed and it was answered", async () => {
    const busy = [signIn("192.0.2.11"), signIn("192.0.2.12")];
    await waitFor(() => hashed.length === 2);
    const late = await signIn("192.0.2.13");
    expect(late.status).toBe(503);
    expect(late.headers.has("retry-after")).toBe(true);
    expect(queue.waiting).toBe(0);
    await open(busy);
    expect(hashed.sort()).toEqual(["192.0.2.11", "192.0.2.12"]);
  });
});
