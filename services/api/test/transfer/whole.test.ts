import { afterAll, beforeAll, expect, test } from "bun:test";
import { unzipped } from "../../src/testing/unzip.ts";
import { clientOf } from "../client.ts";
import { type Harness, type Person, startApi } from "../harness.ts";

let api: Harness;
let ada: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp({ time_zone: "Europe/Berlin" });
});
afterAll(() => api.close());

const whole = (token: string) =>
  api.app.handle(
    new Request("http://localhost/api/tasks/export?format=zip", { headers: { authorization: `Bearer ${token}` } }),
  );

const entry = (n: number) => ({
  id: Bun.randomUUIDv7(),
  task_id: Bun.randomUUIDv7(),
  tag_id: null,
  batch_id: null,
  version: n,
  action: "task.updated",
  actor: "user",
  at: "2026-12-01T08:00:00.000Z",
  changes: {},
  hash: "00",
});

test("the ZIP holds tasks in three formats, the whole history, conversations and the account, and nothing of another user", async () => {
  const as = clientOf(api, ada);
  await as.make({ title: "Ring the bells" });
  await api.call("POST", "/api/chat", { token: ada.token, body: { message: "What is overdue?" } });
  await clientOf(api, await api.signUp()).make({ title: "Another user's" });
  const pages = [[entry(3), entry(2)], [entry(1)]];
  const asked: URLSearchParams[] = [];
  api.onInvoke((_, request) => {
    asked.push(new URL(request.url).searchParams);
    const data = pages[asked.length - 1] ?? [];
    return Response.json({ data, next_cursor: asked.length < pages.length ? "more" : null });
  });
  const answer = await whole(ada.token);
  expect(answer.headers.get("content-type")).toBe("application/zip");
  expect(answer.headers.get("content-disposition")).toMatch(/filename="carillon-[\d-]+\.zip"/);
  const files = unzipped(Buffer.from(await answer.arrayBuffer()));
  expect(Object.keys(files).toSorted()).toEqual(
    [
      "README.txt",
      "account.json",
      "conversations.jsonl",
      "history.jsonl",
      "tasks.csv",
      "tasks.ics",
      "tasks.json",
    ].toSorted(),
  );
  expect(
    files["history.jsonl"]
      ?.trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).version),
  ).toEqual([3, 2, 1]);
  expect(asked.map((question) => question.get("user_id"))).toEqual([ada.user.id, ada.user.id]);
  expect(JSON.parse(files["tasks.json"] ?? "")).toMatchObject({
    format: "carillon",
    tasks: [{ title: "Ring the bells" }],
  });
  expect(files["tasks.csv"]).toContain("Ring the bells");
  expect(files["tasks.ics"]).toContain("SUMMARY:Ring the bells");
  expect(files["conversations.jsonl"]).toContain("What is overdue?");
  expect(JSON.parse(files["account.json"] ?? "")).toMatchObject({ email: ada.email, time_zone: "Europe/Berlin" });
  expect(JSON.stringify(files)).not.toContain("Another user's");
  for (const name of Object.keys(files))
    expect(files["README.txt"]).toContain(name === "README.txt" ? "Carillon" : name);
});

test("while the history cannot be read it is 503, and no half file", async () => {
  api.onInvoke(() => new Response(null, { status: 503 }));
  const answer = await whole(ada.token);
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("5");
});
