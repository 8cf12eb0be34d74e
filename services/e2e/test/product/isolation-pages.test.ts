import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { until } from "@carillon/testing/until";
import { type Person, signUp } from "../../src/client.ts";
import { listen } from "../../src/live.ts";
import { type Product, startProduct } from "../../src/product.ts";
import { webRoutes } from "../../src/routes.ts";

let product: Product;
let ada: Person;
let eve: Person;
let task: Task;
let ids: string[];
const canary = "ada-canary";

beforeAll(async () => {
  product = await startProduct();
  [ada, eve] = await Promise.all([signUp(product.api, "ada"), signUp(product.api, "eve")]);
  const fields = { due_date: "2027-01-04T09:00:00Z", tags: [`${canary}-tag`], reminders: [{ before: "1h" }] };
  task = await ada.createTask({ title: `${canary} task`, description: canary, ...fields });
  const gone = await ada.createTask({ title: `${canary} gone` });
  await ada.call("DELETE", `/api/tasks/${gone.id}`);
  const token = await ada.json<{ id: string }>("POST", "/api/tokens", { name: canary, scope: "read" });
  ids = [task, gone, token, ada.user, ...task.tags, ...task.reminders].map(({ id }) => id);
});
afterAll(() => product.dispose());

const pages = webRoutes().filter(
  ({ path }) => !/^\/(health|ready|metrics|stream|sign-|forgot|reset|unsubscribe|settings\/erase)/.test(path),
);

/** A page as eve gets it, without what may differ between two equal ones. */
async function asEve(method: string, path: string): Promise<{ status: number; location: string; text: string }> {
  const answer = await fetch(`${product.web}${path}`, {
    method,
    redirect: "manual",
    headers: {
      cookie: `carillon_session=${eve.token}`,
      "sec-fetch-site": "same-origin",
      ...(method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    ...(method === "POST" ? { body: "title=mine+now&name=mine&minutes=15&before=1h&version=1" } : {}),
  });
  const plain = (text: string) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, "ID");
  return {
    status: answer.status,
    location: plain(answer.headers.get("location") ?? ""),
    text: plain(await answer.text()),
  };
}

test("G18: a page or form about another user's data is the same as for data that never existed", async () => {
  const withId = pages.filter(({ path }) => path.includes(":"));
  expect(withId.length).toBeGreaterThan(15);
  for (const { method, path } of withId) {
    const unknown = await asEve(
      method,
      path.replace(/:\w+/g, () => Bun.randomUUIDv7()),
    );
    const pathOf = (pattern: string, id: string): string =>
      pattern
        .replace(":id", id)
        .replace(":reminder", task.reminders[0]?.id ?? "")
        .replace(/:\w+/g, () => Bun.randomUUIDv7());
    for (const id of ids) {
      const theirs = await asEve(method, pathOf(path, id));
      expect({ path, ...theirs }).toEqual({ path, ...unknown });
    }
  }
  expect(await ada.task(task.id)).toEqual(task);
});

test("G18: no page shows another user's data", async () => {
  for (const { path } of pages.filter(({ method, path }) => method === "GET" && !path.includes(":"))) {
    const page = await asEve("GET", `${path}?search=${canary}`);
    expect({
      path,
      status: page.status < 500,
      shows: page.text.replaceAll(`search=${canary}`, "").includes(`${canary} `),
    }).toEqual({
      path,
      status: true,
      shows: false,
    });
  }
});

test("G18: another user's changes never come over a stream or a socket, wherever it resumes", async () => {
  const heard: string[] = [];
  const socket = new WebSocket(`${product.realtime.replace("http", "ws")}/ws`, {
    headers: { authorization: `Bearer ${eve.token}` },
  } as unknown as string[]);
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error("the socket did not open"));
  socket.onmessage = ({ data }) => heard.push(String(data));
  await opened.promise;
  const eves = await listen(`${product.realtime}/stream`, eve.token, { "last-event-id": "1" });
  const adas = await listen(`${product.realtime}/stream`, ada.token);
  try {
    const changed = await ada.updateTask(task.id, { title: `${canary} changed` });
    await until("ada hears of it", async () => adas.frames.some(({ data }) => data.includes(changed.id)));
    const own = await eve.createTask({ title: "eve's own" });
    await until("eve hears of her own", async () =>
      [...eves.frames.map(({ data }) => data), ...heard].some((data) => data.includes(own.id)),
    );
    expect(
      [...eves.frames.map(({ data }) => data), ...heard].filter((data) => ids.some((id) => data.includes(id))),
    ).toEqual([]);
  } finally {
    for (const listener of [eves, adas]) listener.close();
    socket.close();
  }
});
