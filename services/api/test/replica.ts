import { expect } from "bun:test";
import type { SyncPage } from "@carillon/contracts/http/sync";
import type { Tag } from "@carillon/contracts/http/tags";
import type { Task } from "@carillon/contracts/http/tasks";
import type { Client } from "./client.ts";

/** A client that keeps a copy of a user's tasks and tags by `GET /api/sync` alone. */
export function replicaOf(as: Client) {
  const tasks = new Map<string, Task>();
  const tags = new Map<string, Tag>();
  let cursor: string | null = null;
  const apply = (page: SyncPage): void => {
    for (const task of page.tasks) tasks.set(task.id, task);
    for (const tag of page.tags) tags.set(tag.id, tag);
    for (const { type, id } of page.deleted) (type === "task" ? tasks : tags).delete(id);
    cursor = page.next_cursor;
  };
  const pull = async (): Promise<SyncPage> => {
    const { status, body } = await as.get(`/api/sync${cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`}`);
    expect(status).toBe(200);
    apply(body);
    return body;
  };
  return {
    pull,
    /** Reads until the end; returns the number of pages. */
    async catchUp(): Promise<number> {
      for (let pages = 1; ; pages++) if (!(await pull()).has_more) return pages;
    },
    /** What it would show: tags joined by their id, because a renamed tag does not change tasks. */
    shown: () => show([...tasks.values()], [...tags.values()]),
  };
}

const show = (tasks: readonly Task[], tags: readonly Tag[]) => {
  const known = new Map(tags.map(({ id, name, color }) => [id, { id, name, color }]));
  const joined = tasks.map((task) => ({ ...task, tags: task.tags.flatMap(({ id }) => known.get(id) ?? []) }));
  return {
    tasks: joined.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    tags: tags.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
};

/** The truth: what the lists return. */
export async function truthOf(as: Client) {
  const tags: Tag[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await as.get(`/api/tags?limit=100${cursor}`);
    tags.push(...body.data);
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  return show(await as.listAll("?limit=100&sort=created_at"), tags);
}
