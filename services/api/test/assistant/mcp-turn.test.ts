import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Harness, type Person, startApi } from "../harness.ts";
import { type Listener, listen, tokenOf } from "./mcp-rig.ts";

let api: Harness;
let door: Listener;
let ada: Person;
let token: string;
beforeAll(async () => {
  api = await startApi();
  door = listen(api);
  ada = await api.signUp();
  token = await tokenOf(api, ada);
});
afterAll(async () => {
  await door.stop();
  await api.close();
});

const create = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "create_task", arguments: { title: "x" } },
};
const post = async (body: unknown): Promise<Response> =>
  fetch(door.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
const taskCount = async (): Promise<number> =>
  (await api.call("GET", "/api/tasks", { token: ada.token })).body.data.length;

test("a request is at work until its tool has ended: the answer begins after that", async () => {
  const before = await taskCount();
  const response = await post(create);
  expect(await taskCount()).toBe(before + 1);
  expect([response.status, (await response.text()).includes('"result"')]).toEqual([200, true]);
});

test("many calls in one request are refused, and none is made", async () => {
  const before = await taskCount();
  const response = await post(Array.from({ length: 100 }, (_, id) => ({ ...create, id })));
  expect(response.status).toBe(400);
  expect(await taskCount()).toBe(before);
});
