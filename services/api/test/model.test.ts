import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import fc from "fast-check";
import { type Client, clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";
import { Model, type ModelTask, type Verb, verbs } from "./model.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** The API's tasks and tags in the order of their creation, as the model counts them. */
type Ids = { tasks: string[]; tags: string[] };

const brief = (task: Task): ModelTask => ({
  title: task.title,
  description: task.description,
  priority: task.priority,
  due_date: task.due_date,
  tags: task.tags.map((tag) => tag.name),
  completed: task.completed,
  deleted: task.deleted_at !== null,
  version: task.version,
});

const nowhere = "0190d0a0-0000-7000-8000-000000000000";
const paths = { complete: "/complete", incomplete: "/incomplete", restore: "/restore", delete: "" } as const;
const methods = { complete: "PATCH", incomplete: "PATCH", restore: "POST", delete: "DELETE" } as const;

/** Applies one verb to both; returns the two statuses. */
async function perform(as: Client, model: Model, ids: Ids, verb: Verb): Promise<[number, number]> {
  if (verb.verb === "post") {
    const answered = await as.post("/api/tasks", verb.fields);
    if (answered.status === 201) ids.tasks.push(answered.body.id);
    return [answered.status, model.post(verb.fields)];
  }
  if (verb.verb === "rename tag" || verb.verb === "delete tag") {
    const path = `/api/tags/${ids.tags[verb.pick] ?? nowhere}`;
    if (verb.verb === "delete tag") return [(await as.delete(path)).status, model.deleteTag(verb.pick)];
    return [(await as.put(path, { name: verb.name })).status, model.renameTag(verb.pick, verb.name)];
  }
  const task = model.tasks[verb.pick];
  const path = `/api/tasks/${ids.tasks[verb.pick] ?? nowhere}`;
  const headers = { "if-match": verb.stale ? '"1000000"' : `"${task?.version}"` };
  if (verb.verb === "put" || verb.verb === "patch") {
    const answered = await as.call(verb.verb.toUpperCase(), path, verb.fields, headers);
    return [answered.status, model.change(task, verb.verb, verb.fields, verb.stale)];
  }
  const { status } = await as.call(methods[verb.verb], path + paths[verb.verb], undefined, headers);
  const flag = verb.verb === "complete" || verb.verb === "incomplete" ? "completed" : "deleted";
  return [status, model.set(task, flag, verb.verb === "complete" || verb.verb === "delete", verb.stale)];
}

async function noteTags(userId: string, ids: Ids): Promise<void> {
  const rows = await api.sql<{ id: string }[]>`
    select entity_id as id from api.outbox where user_id = ${userId} and type = 'tag.created' order by change_seq`;
  ids.tags = rows.map((row) => row.id);
}

test("whatever is done in whatever order, the API holds what a simple model holds", async () => {
  await fc.assert(
    fc.asyncProperty(verbs, async (sequence) => {
      const person = await api.signUp();
      const as = clientOf(api, person);
      const model = new Model();
      const ids: Ids = { tasks: [], tags: [] };
      for (const verb of sequence) {
        const [theirs, expected] = await perform(as, model, ids, verb);
        expect({ verb, status: theirs }).toEqual({ verb, status: expected });
        await noteTags(person.user.id, ids);
      }
      const live = await as.listAll("?sort=created_at&limit=100");
      const trash = await as.listAll("?deleted=true&limit=100");
      const shown = new Map([...live, ...trash].map((task) => [task.id, brief(task)]));
      const told = (task: ModelTask) => ({ ...task, tags: model.tagNames(task) });
      expect(shown).toEqual(new Map(model.tasks.map((task, index) => [ids.tasks[index] ?? "", told(task)])));
      const tags = (await as.get("/api/tags")).body.data.map((tag: { name: string }) => tag.name);
      expect(tags.toSorted()).toEqual(model.tags.flatMap((tag) => tag?.name ?? []).toSorted());
    }),
    { numRuns: 40 },
  );
  await expectWhole(api.sql);
}, 120_000);
