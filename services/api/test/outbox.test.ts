import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole, fingerprint } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp();
  as = clientOf(api, ada);
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

const eventsOf = async (entityId: string) =>
  (await api.outbox(ada.user.id)).filter((row) => row.entity_id === entityId).map(({ event }) => event.data);

describe("every verb appends its event, once, in its own transaction", () => {
  test("a task's whole life, with what changed, the whole task, the version and the actor", async () => {
    const task = await as.make({ title: "a", tags: ["life"] });
    await as.patch(`/api/tasks/${task.id}`, { title: "b", priority: "high" });
    await as.put(`/api/tasks/${task.id}`, { title: "c" });
    await as.patch(`/api/tasks/${task.id}/complete`);
    await as.patch(`/api/tasks/${task.id}/incomplete`);
    await as.delete(`/api/tasks/${task.id}`);
    const last = (await as.post(`/api/tasks/${task.id}/restore`)).body;
    const events = await eventsOf(task.id);
    const at = api.clock.now().toISOString();
    expect(events.map(({ event_type, version, changes }) => [event_type, version, changes])).toEqual([
      [
        "task.created",
        1,
        {
          title: [null, "a"],
          description: [null, ""],
          priority: [null, "medium"],
          time_zone: [null, "UTC"],
          all_day: [null, false],
          tags: [null, task.tags],
          reminders: [null, []],
        },
      ],
      ["task.updated", 2, { title: ["a", "b"], priority: ["medium", "high"] }],
      ["task.updated", 3, { title: ["b", "c"], priority: ["high", "medium"], tags: [task.tags, []] }],
      ["task.completed", 4, { completed_at: [null, at] }],
      ["task.reopened", 5, { completed_at: [at, null] }],
      ["task.deleted", 6, { deleted_at: [null, at] }],
      ["task.restored", 7, { deleted_at: [at, null] }],
    ]);
    expect(events.at(-1)).toMatchObject({
      actor: "user",
      timestamp: at,
      user_id: ada.user.id,
      task_id: task.id,
      task_data: last,
    });
  });

  test("tags that a task names are created in the same transaction, each with its own event", async () => {
    const before = (await api.outbox(ada.user.id)).length;
    const task = await as.make({ tags: ["one", "two"] });
    const rows = await api.sql`
      select type, entity_id, change_seq::int, xid::text from api.outbox where user_id = ${ada.user.id} order by change_seq offset ${before}`;
    expect(rows.map(({ type }) => type)).toEqual(["tag.created", "tag.created", "task.created"]);
    expect(rows.map(({ entity_id }) => entity_id)).toEqual([...task.tags.map((tag) => tag.id), task.id]);
    expect(new Set(rows.map(({ xid }) => xid)).size).toBe(1);
    expect(rows[2]?.change_seq).toBe(rows[0]?.change_seq + 2);
  });

  test("an access token is named as the author", async () => {
    const { token } = (await as.post("/api/tokens", { name: "robot", scope: "write" })).body;
    const { body } = await api.call("POST", "/api/tasks", { token, body: { title: "by a robot" } });
    expect((await eventsOf(body.id)).map(({ actor }) => actor)).toEqual(["token"]);
  });

  test("the event continues the request's trace", async () => {
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const { body } = await as.post(
      "/api/tasks",
      { title: "traced" },
      { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    );
    const [row] =
      await api.sql`select event ->> 'traceparent' as traceparent from api.outbox where entity_id = ${body.id}`;
    expect(row?.traceparent).toStartWith(`00-${traceId}-`);
  });
});

describe("the database itself rejects a change without an event", () => {
  const refused = (work: Promise<unknown>) => expect(work).rejects.toThrow("has no outbox row in its transaction");

  test("by any role, in any table, inserted, updated or deleted, alone or beside an honest change", async () => {
    const task = await as.make({ reminder_at: "2199-01-01T00:00:00Z", tags: ["guarded"] });
    const [reminder, tag] = [task.reminders[0]?.id ?? "", task.tags[0]?.id ?? ""];
    const before = await fingerprint(api.sql);
    for (const sql of [api.sql, api.deps.sql]) {
      await refused(sql`update api.tasks set title = 'x' where id = ${task.id}`);
      await refused(
        sql`update api.tasks set title = 'x', version = version + 1, change_seq = change_seq + 1 where id = ${task.id}`,
      );
      await refused(sql`delete from api.tasks where id = ${task.id}`);
      await refused(sql`insert into api.tasks (user_id, id, title, time_zone, version, change_seq, created_at, updated_at, search)
        select user_id, gen_random_uuid(), title, time_zone, 1, change_seq, now(), now(), search from api.tasks where id = ${task.id}`);
      await refused(sql`update api.tags set name = 'x' where id = ${tag}`);
      await refused(sql`delete from api.tags where id = ${tag}`);
      await refused(sql`insert into api.tags (user_id, id, name, name_key, color, version, change_seq, created_at, updated_at)
        values (${ada.user.id}, gen_random_uuid(), 'y', 'y', '#000000', 1, 1, now(), now())`);
      await refused(sql`update api.reminders set state = 'sent' where id = ${reminder}`);
      await refused(sql`delete from api.reminders where id = ${reminder}`);
      await refused(sql`insert into api.reminders (user_id, task_id, id, position, state, change_seq)
        values (${ada.user.id}, ${task.id}, gen_random_uuid(), 1, 'missed', 1)`);
      await refused(
        sql.begin(async (tx) => {
          await tx`update api.users set change_seq = change_seq + 1 where id = ${ada.user.id}`;
          await tx`insert into api.outbox (user_id, slot, change_seq, event_id, type, entity_id, event)
            select id, 0, change_seq, gen_random_uuid(), 'tag.updated', ${tag}, '{}' from api.users where id = ${ada.user.id}`;
          await tx`update api.tasks set title = 'x', change_seq = (select change_seq from api.users where id = ${ada.user.id}) where id = ${task.id}`;
        }),
      );
    }
    expect(await fingerprint(api.sql)).toEqual(before);
  });

  test("and a version that jumps, stands for something older or goes back", async () => {
    const task = await as.make();
    for (const change of [api.sql`version = version + 2`, api.sql`version = 0`, api.sql`change_seq = change_seq - 1`]) {
      await expect(Promise.resolve(api.sql`update api.tasks set ${change} where id = ${task.id}`)).rejects.toThrow(
        "version of api.tasks",
      );
    }
  });
});

test("when the outbox cannot be written, no verb leaves anything", async () => {
  const task = await as.make({ reminder_at: "2199-01-01T00:00:00Z", tags: ["t"] });
  const trashed = await as.make();
  await as.delete(`/api/tasks/${trashed.id}`);
  await api.sql.unsafe(`
    create function api.no_outbox() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;
    create trigger no_outbox before insert on api.outbox for each row execute function api.no_outbox();`);
  const before = await fingerprint(api.sql);
  const path = `/api/tasks/${task.id}`;
  for (const failed of [
    await as.callBroken("POST", "/api/tasks", { title: "a", tags: ["new"] }),
    await as.callBroken("POST", "/api/tasks", { title: "a" }, { "idempotency-key": "unlucky" }),
    await as.callBroken("PUT", path, { title: "a" }),
    await as.callBroken("PATCH", path, { title: "a", tags: ["new"], reminders: [] }),
    await as.callBroken("PATCH", `${path}/complete`),
    await as.callBroken("DELETE", path),
    await as.callBroken("POST", `/api/tasks/${trashed.id}/restore`),
    await as.callBroken("POST", "/api/tags", { name: "a" }),
    await as.callBroken("PUT", `/api/tags/${task.tags[0]?.id}`, { name: "a" }),
    await as.callBroken("DELETE", `/api/tags/${task.tags[0]?.id}`),
  ]) {
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain("disk full");
  }
  expect(await fingerprint(api.sql)).toEqual(before);
  await api.sql.unsafe("drop trigger no_outbox on api.outbox; drop function api.no_outbox();");
  expect((await as.patch(path, { title: "a" })).status).toBe(200);
});
