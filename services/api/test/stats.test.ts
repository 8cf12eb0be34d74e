import { afterAll, beforeAll, expect, test } from "bun:test";
import { clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";

const operator = "0123456789abcdef0123456789abcdef";
let api: Harness;
beforeAll(async () => {
  api = await startApi({ statsToken: operator });
});
afterAll(() => api.close());

const stats = (token: string | null, method = "GET") => api.call(method, "/api/stats", { token });

test("the operator's numbers count all accounts together and name none of them", async () => {
  const ada = await api.signUp({ name: "Ada" });
  const as = clientOf(api, ada);
  const { id } = await as.make({ title: "Ring the bells", tags: ["tower"] });
  await as.make({ title: "Oil the bells" });
  await api.call("PATCH", `/api/tasks/${id}/complete`, { token: ada.token });
  await api.signUp({ name: "Bob" });
  // Its last use is longer ago than a week.
  await api.sql`update api.sessions set last_used_at = last_used_at - interval '8 days' where user_id <> ${ada.user.id}`;
  const { status, body } = await stats(operator);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    accounts: { total: 2, active_day: 1, active_week: 1, active_month: 2 },
    live_tasks: 2,
    tags: 1,
    events_day: { "task.created": 2, "task.completed": 1, "tag.created": 1 },
  });
  const text = JSON.stringify(body);
  for (const secret of ["Ada", "Bob", ada.email, ada.user.id, "bells", "tower", id]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|@/);
});

test("only the operator's token opens them: no user's, no part of it, none", async () => {
  const ada = await api.signUp();
  for (const token of [null, ada.token, "", operator.slice(0, -1), `${operator}0`]) {
    const { status, headers } = await stats(token);
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe("Bearer");
  }
  expect((await api.call("GET", "/api/auth/me", { token: operator })).status).toBe(401);
});

test("the tables are counted once a minute, however often they are asked for", async () => {
  const total = async (): Promise<number> => (await stats(operator)).body.accounts.total;
  api.clock.advance(60_000);
  const before = await total();
  await api.signUp();
  expect(await total()).toBe(before);
  api.clock.advance(60_000);
  expect(await total()).toBe(before + 1);
});
