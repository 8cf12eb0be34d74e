import { expect, test } from "bun:test";
import { appTokenHeader } from "@carillon/contracts/names";
import { silentLog } from "@carillon/kit/observe";
import { callerToken, createInternalService } from "@carillon/kit/service";
import { type AskApi, createApi } from "./ask-api.ts";

const ada = "0190d0a0-0000-7000-8000-00000000000a";
const session = { user_id: ada, session_id: ada, expires_at: null };
const apiThat = (askApi: AskApi) => createApi({ askApi, appToken: "a token of neighbours", log: silentLog });
const answering = (answer: () => Response) => apiThat(async () => answer());

test("the token travels in the body, beside the neighbours' token, and never in the address", async () => {
  let asked: Request | undefined;
  const api = apiThat(async (request) => {
    asked = request;
    return Response.json(session);
  });
  expect(await api.whose("secret")).toEqual({ kind: "session", session });
  expect([asked?.method, asked?.url]).toEqual(["POST", "http://localhost/internal/session"]);
  expect(asked?.headers.get(appTokenHeader)).toBe(callerToken("a token of neighbours", "realtime"));
  expect(await asked?.json()).toEqual({ token: "secret" });
});

test("only a 401 says that a token is invalid", async () => {
  expect(await answering(() => new Response(null, { status: 401 })).whose("x")).toEqual({ kind: "invalid" });
  for (const status of [403, 404, 429, 500, 503]) {
    expect(await answering(() => new Response(null, { status })).whose("x")).toEqual({ kind: "unknown" });
  }
});

test("an api that rejects our own token says nothing about the user's token", async () => {
  const door = createInternalService({
    name: "api",
    log: silentLog,
    appToken: "the next token of neighbours",
    routes: [],
  });
  const api = apiThat(async (request) => door.handle(request));
  expect(await api.whose("x")).toEqual({ kind: "unknown" });
});

test("an answer that does not fit the contract is no answer", async () => {
  const api = answering(() => Response.json({ ...session, user_id: "not an id" }));
  expect(await api.whose("x")).toEqual({ kind: "unknown" });
  expect(await answering(() => Response.json({ resync: false })).missed(ada, 1)).toEqual({
    kind: "resync",
    latest: null,
  });
});

test("the end of another session is not sent to screens", async () => {
  const changes = [1, 2].map((change_seq) => ({
    change_seq,
    event_type: change_seq === 1 ? "session.revoked" : "tag.created",
    task_id: null,
    version: 1,
  }));
  const missed = await answering(() => Response.json({ resync: false, latest: 2, changes })).missed(ada, 0);
  expect(missed.kind === "changes" && missed.frames.map(({ id }) => id)).toEqual([2]);
});

test("at most 2 000 calls are under way, however many are asked for", async () => {
  let asked = 0;
  const answer = Promise.withResolvers<void>();
  const api = apiThat(async () => {
    asked += 1;
    await answer.promise;
    return Response.json(session);
  });
  const answers = Array.from({ length: 2_500 }, () => api.whose("x"));
  expect(asked).toBe(2_000);
  answer.resolve();
  expect((await Promise.all(answers)).filter(({ kind }) => kind === "unknown").length).toBe(500);
  expect(await api.whose("x")).toEqual({ kind: "session", session });
});
