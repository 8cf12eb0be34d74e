import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { maxResources } from "../../src/assistant/mcp/notices/listen.ts";
import { everyMs, noticeLimits } from "../../src/assistant/mcp/notices/notices.ts";
import { clientOf } from "../client.ts";
import { type Harness, type Person, sessionOf, startApi } from "../harness.ts";
import { type Listener, listen, tokenOf } from "./mcp-rig.ts";

let api: Harness;
let door: Listener;
beforeAll(async () => {
  api = await startApi();
  door = listen(api);
});
afterAll(async () => {
  api.deps.notices.stop();
  await door.stop();
  await api.close();
});

const list = (name: string): string => `carillon://lists/${name}`;

/** A client of revision 2026-07-28 that listens; `told` grows with each notice. */
async function listener(token: string, uris: readonly string[]) {
  const client = new Client(
    { name: "tests", version: "1.0.0" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  const told: string[] = [];
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => void told.push(params.uri));
  await client.connect(
    new StreamableHTTPClientTransport(door.url, { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  );
  const subscription = await client.listen({ resourceSubscriptions: [...uris], resourcesListChanged: true });
  return { client, told, subscription };
}

const newUser = async () => {
  const ada = await api.signUp();
  return { ada, as: clientOf(api, ada), token: await tokenOf(api, ada) };
};

const message = (uris: readonly string[]) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "subscriptions/listen",
  params: {
    notifications: { resourceSubscriptions: uris },
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
      "io.modelcontextprotocol/clientInfo": { name: "tests", version: "1.0.0" },
    },
  },
});

/** The same over a bare connection. */
const open = async (token: string, uris: readonly string[] = [list("open")]): Promise<Response> =>
  fetch(door.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "subscriptions/listen",
    },
    body: JSON.stringify(message(uris)),
  });

describe("a client that listens", () => {
  test("hears of the resources that a change alters, and of no others", async () => {
    const { as, token } = await newUser();
    const [one, other] = [await as.make({ title: "One" }), await as.make({ title: "Other" })];
    const uris = [`carillon://tasks/${one.id}`, `carillon://tasks/${other.id}`, list("open"), list("tags")];
    const { client, told, subscription } = await listener(token, uris);
    expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: uris });
    await as.patch(`/api/tasks/${one.id}`, { title: "Changed" });
    await until("the list and the task are announced", () => told.length === 2);
    expect([...told].sort()).toEqual([list("open"), `carillon://tasks/${one.id}`].sort());
    await as.post("/api/tags", { name: "home" });
    await until("a tag alters everything", () => told.length === 2 + uris.length);
    await client.close();
  });

  test("hears nothing of another user's changes", async () => {
    const { as, token } = await newUser();
    const { as: eve } = await newUser();
    const secret = await eve.make({ title: "Secret" });
    const { client, told } = await listener(token, [list("open"), `carillon://tasks/${secret.id}`]);
    await eve.patch(`/api/tasks/${secret.id}`, { title: "Still secret" });
    await as.make({ title: "Mine" });
    await until("the own change is announced", () => told.length > 0);
    expect(told).toEqual([list("open")]);
    await client.close();
  });

  test("that goes leaves nothing behind", async () => {
    const { token } = await newUser();
    const before = api.deps.notices.size;
    const { client, subscription } = await listener(token, [list("open")]);
    expect(api.deps.notices.size).toBe(before + 1);
    await subscription.close();
    await until("the place is free", () => api.deps.notices.size === before);
    await client.close();
  });

  test("that reads slowly hears once of what changed many times", async () => {
    const { as, token } = await newUser();
    const reader = (await open(token)).body?.getReader();
    for (let at = 0; at < 150; at++) await as.make({ title: `Task ${at}` });
    const text = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
    expect(await text()).toContain("subscriptions/acknowledged");
    expect(await text()).toContain(list("open"));
    await reader?.cancel();
  });
});

describe("a stream ends within a second", () => {
  const ended = async (act: (ada: Person, tokenId: string) => Promise<unknown>, how: "token" | "session" = "token") => {
    const ada = await api.signUp();
    const { body } = await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "mcp", scope: "read" } });
    const { client, subscription } = await listener(how === "token" ? body.token : ada.token, [list("open")]);
    const { token } = await newUser();
    const other = await listener(token, [list("open")]);
    await act(ada, body.id);
    expect(await subscription.closed).toBe("graceful");
    let isOpen = true;
    other.subscription.closed.then(() => (isOpen = false)).catch(() => {});
    await Bun.sleep(0);
    expect(isOpen).toBe(true);
    await Promise.all([client.close(), other.client.close()]);
  };

  test("looks for ended credentials come twice a second", () => expect(everyMs).toBeLessThanOrEqual(500));

  test("when its access token is revoked, and no other's does", () =>
    ended((ada, id) => api.call("DELETE", `/api/tokens/${id}`, { token: ada.token })));

  test("when its session signs out", () =>
    ended((ada) => api.call("POST", "/api/logout", { token: ada.token }), "session"));

  test("when its session is ended from another one", () =>
    ended(async ({ email, password, token }) => {
      const { body } = await api.call("POST", "/api/signin", { body: { email, password } });
      const { status } = await api.call("DELETE", `/api/sessions/${sessionOf(token)}`, { token: body.access_token });
      expect(status).toBe(204);
    }, "session"));

  test("when the password changes", () =>
    ended(({ token, password }) =>
      api.call("POST", "/api/auth/password", {
        token,
        body: { current_password: password, new_password: `${password} but longer` },
      }),
    ));
});

describe("what is too much is refused", () => {
  const errorOf = async (response: Response) => (await response.json()).error;

  test("a ninth subscription of a user, until one of them ends", async () => {
    const { token } = await newUser();
    const all = await Promise.all(Array.from({ length: noticeLimits.maxPerUser }, () => open(token)));
    expect(await errorOf(await open(token))).toMatchObject({ code: -32_603 });
    await all.pop()?.body?.cancel();
    await until("a place is free", async () => {
      const again = await open(token);
      const isStream = again.headers.get("content-type") === "text/event-stream";
      await again.body?.cancel();
      return isStream;
    });
    for (const { body } of all) await body?.cancel();
  });

  test("more resources than fit", async () => {
    const { token } = await newUser();
    const uris = Array.from({ length: maxResources + 1 }, (_, at) => `carillon://tasks/${at}`);
    expect(await errorOf(await open(token, uris))).toMatchObject({ code: -32_602 });
  });

  test("a stream without anything to tell ends at once and takes no place", async () => {
    const { token } = await newUser();
    const before = api.deps.notices.size;
    expect(await (await open(token, [])).text()).toContain('"resultType":"complete"');
    expect(api.deps.notices.size).toBe(before);
  });
});
