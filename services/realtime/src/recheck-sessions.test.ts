import { expect, test } from "bun:test";
import type { Whose } from "./ask-api.ts";
import { Hub, recheckMs } from "./hub.ts";
import { newLine, type Sink } from "./line.ts";
import { createRecheck } from "./recheck-sessions.ts";

const sink: Sink = { hasRoom: () => true, write: () => {}, ping: () => {}, end: () => {} };

function hubWith(sessions: number, linesEach = 1): Hub {
  const hub = new Hub({ limits: { perUser: 10, total: 100_000 }, onClose: () => {} });
  for (let index = 0; index < sessions * linesEach; index++) {
    const id = `session ${index % sessions}`;
    const line = newLine({
      kind: "sse",
      userId: `user ${index % sessions}`,
      sessionId: id,
      expiresAtMs: null,
      sink,
      resumes: null,
      nowMs: 0,
      pingMs: 15_000,
    });
    hub.open(line, id);
  }
  return hub;
}

/** An api that records which users it is asked about; `say` answers for a token. */
function fakeApi(say: (token: string) => Whose["kind"]) {
  const asked: string[] = [];
  let underWay = 0;
  const api = {
    asked,
    mostUnderWay: 0,
    async whose(token: string): Promise<Whose> {
      asked.push(token);
      api.mostUnderWay = Math.max(api.mostUnderWay, ++underWay);
      await Bun.sleep(0);
      underWay -= 1;
      const kind = say(token);
      return kind === "session" ? { kind, session: { user_id: "", session_id: token, expires_at: null } } : { kind };
    },
    ended: async () => [],
    missed: () => Promise.reject(new Error("unexpected call")),
  };
  return api;
}

test("a session with many connections is checked once", async () => {
  const api = fakeApi(() => "session");
  await createRecheck({ api, hub: hubWith(3, 10) })(recheckMs);
  expect(api.asked.toSorted()).toEqual(["session 0", "session 1", "session 2"]);
});

test("no session is checked before its turn", async () => {
  const api = fakeApi(() => "session");
  const recheck = createRecheck({ api, hub: hubWith(3) });
  await recheck(recheckMs - 1);
  expect(api.asked).toEqual([]);
});

test("api gets at most 100 calls per round and 8 at once, and every session has its turn", async () => {
  const api = fakeApi(() => "session");
  const hub = hubWith(5_000);
  const recheck = createRecheck({ api, hub });
  for (let round = 0; round < 50; round++) {
    await recheck(recheckMs + round * 1_000);
    expect(api.asked.length).toBe((round + 1) * 100);
  }
  expect(new Set(api.asked).size).toBe(5_000);
  expect(api.mostUnderWay).toBe(8);
});

test("a session unknown to api loses all its connections, others keep theirs", async () => {
  const hub = hubWith(3, 4);
  await createRecheck({ api: fakeApi((token) => (token === "session 1" ? "invalid" : "session")), hub })(recheckMs);
  expect(hub.size).toBe(8);
  expect(() => hub.admit({ userId: "user 1", sessionId: "session 1" })).toThrow("unauthenticated");
});

test("an api that is away is not asked about every session, and no connection is lost", async () => {
  const api = fakeApi(() => "unknown");
  const hub = hubWith(1_000);
  await createRecheck({ api, hub })(recheckMs);
  expect([api.asked.length, hub.size]).toEqual([8, 1_000]);
});
