import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { clientOf } from "../client.ts";
import { type Harness, startApi } from "../harness.ts";
import { refusalOf, toolsOf } from "./tool-rig.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function settled(count = 1) {
  const ada = await api.signUp();
  const as = clientOf(api, ada);
  const ids: string[] = [];
  for (let at = 0; at < count; at++) ids.push((await as.make({ title: `Task ${at}` })).id);
  return { ada, as, ids, call: toolsOf(api.deps, ada) };
}

test("deleting asks first, and does nothing until the same call brings the yes", async () => {
  const { as, ids, call } = await settled();
  const asked = await call("delete_task", { ids });
  expect(asked).toMatchObject({ done: false, dry_run: false, summary: "Delete “Task 0”.", audit_ids: [] });
  expect(asked.proposal.changes).toEqual([{ task_id: ids[0], text: "Task 0" }]);
  expect((await as.get(`/api/tasks/${ids[0]}`)).status).toBe(200);
  const done = await call("delete_task", { ids, consent: asked.proposal.id });
  expect(done).toMatchObject({ done: true, summary: "Deleted “Task 0”.", proposal: null });
  expect((await as.get(`/api/tasks/${ids[0]}`)).status).toBe(404);
});

test("three tasks are changed at once; of four the user is asked first, the same id twice counting once", async () => {
  const { ids, call } = await settled(4);
  const some = ids.slice(0, 3);
  expect((await call("complete_task", { ids: [...some, ...some] })).done).toBe(true);
  const asked = await call("update_task", { ids, priority: "high" });
  expect({ done: asked.done, changes: asked.proposal.changes.length }).toEqual({ done: false, changes: 4 });
  expect((await call("update_task", { ids, priority: "high", consent: asked.proposal.id })).done).toBe(true);
});

describe("a yes counts for nothing", () => {
  test("the second time", async () => {
    const { ids, call } = await settled();
    const { proposal } = await call("delete_task", { ids });
    await call("delete_task", { ids, consent: proposal.id });
    await call("restore_task", { ids });
    expect(await refusalOf(call("delete_task", { ids, consent: proposal.id }))).toBe("conflict");
  });

  test("after five minutes", async () => {
    const { ids, call } = await settled();
    const { proposal } = await call("delete_task", { ids });
    api.clock.advance(5 * 60_000);
    expect(await refusalOf(call("delete_task", { ids, consent: proposal.id }))).toBe("conflict");
  });

  test("for other arguments, or another tool", async () => {
    const { ids, call } = await settled(5);
    const { proposal } = await call("delete_task", { ids: ids.slice(0, 1) });
    const used = { consent: proposal.id };
    expect(await refusalOf(call("delete_task", { ids: ids.slice(1, 2), ...used }))).toBe("conflict");
    expect(await refusalOf(call("complete_task", { ids: ids.slice(0, 1), ...used }))).toBe("conflict");
    expect((await call("delete_task", { ids: ids.slice(0, 1), ...used })).done).toBe(true);
  });

  test("on another word than it was given to", async () => {
    const { ada, ids, call } = await settled();
    const { proposal } = await call("delete_task", { ids });
    const other = toolsOf(api.deps, ada);
    expect(await refusalOf(other("delete_task", { ids, consent: proposal.id }))).toBe("conflict");
  });

  test("from another user, to whom it is unknown", async () => {
    const { ids, call } = await settled();
    const { proposal } = await call("delete_task", { ids });
    const eve = toolsOf(api.deps, await api.signUp());
    expect(await refusalOf(eve("delete_task", { ids, consent: proposal.id }))).toBe("not_found");
    expect(await refusalOf(eve("delete_task", { ids, consent: "nonsense" }))).toBe("not_found");
  });
});

test("of two replicas that get the repeated call at once, one does it", async () => {
  const { ada, ids } = await settled();
  const word = Bun.randomUUIDv7();
  const [one, other] = [toolsOf(api.deps, ada, word), toolsOf({ ...api.deps }, ada, word)];
  const { proposal } = await one("delete_task", { ids });
  const call = { ids, consent: proposal.id };
  const outcomes = await Promise.all([refusalOf(other("delete_task", call)), refusalOf(one("delete_task", call))]);
  expect(outcomes.sort()).toEqual(["conflict", "done"]);
});

test("a proposal for what cannot be done is never made", async () => {
  const { ids, call } = await settled();
  const unknown = "018f0000-0000-7000-8000-000000000000";
  expect(await refusalOf(call("delete_task", { ids: [...ids, unknown] }))).toBe("not_found");
});

test("a dry run shows what would be and leaves no trace", async () => {
  const { ada, ids, call } = await settled();
  const before = await api.outbox(ada.user.id);
  const tried = await call("create_task", { text: "dentist fri 3pm #health", dry_run: true });
  expect(tried).toMatchObject({ done: false, dry_run: true, proposal: null, audit_ids: [] });
  expect(tried.tasks[0]).toMatchObject({ title: "dentist", tags: ["health"] });
  const removed = await call("delete_task", { ids, dry_run: true });
  expect(removed).toMatchObject({ done: false, dry_run: true, proposal: null });
  expect(await api.outbox(ada.user.id)).toEqual(before);
  expect((await call("list_tags")).tags).toEqual([]);
});

test("what is done is the assistant's doing, on whose word it was, and its entries are named", async () => {
  const { ada } = await settled();
  const word = Bun.randomUUIDv7();
  const { audit_ids } = await toolsOf(api.deps, ada, word)("create_task", { text: "dentist #health" });
  const events = (await api.outbox(ada.user.id)).map(({ event }) => event as unknown as { id: string; data: object });
  const made = events.filter(({ id }) => audit_ids.includes(id));
  expect(made.length).toBe(2);
  for (const { data } of made) expect(data).toMatchObject({ actor: "assistant", via: `token ${word}` });
});
