import { expect } from "bun:test";
import type { ExportedTag, ExportedTask, Imported } from "@carillon/contracts/http/transfer";
import type { Harness, Person } from "../harness.ts";

export type File = { format: string; version: number; exported_at: string; tags: ExportedTag[]; tasks: ExportedTask[] };

/** The person's whole account as its export has it. */
export async function exportOf(api: Harness, { token }: Person): Promise<File> {
  const { status, body } = await api.call("GET", "/api/tasks/export", { token });
  expect(status).toBe(200);
  return body;
}

type Sent = { type?: string; dryRun?: boolean };

export const send = (
  api: Harness,
  { token }: Person,
  file: unknown,
  { type = "application/json", dryRun = false }: Sent = {},
) =>
  api.call("POST", `/api/tasks/import${dryRun ? "?dry_run=true" : ""}`, {
    token,
    body: file,
    headers: { "content-type": type },
  });

export async function importInto(api: Harness, person: Person, file: unknown, options: Sent = {}): Promise<Imported> {
  const { status, body } = await send(api, person, file, options);
  expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  return body;
}

/** An account without what differs between two that hold the same: ids, owner and versions. Titles name the tasks. */
export function meaningOf({ tags, tasks }: File) {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const name = (id: string | null): string | null => (id === null ? null : (titles.get(id) ?? "gone"));
  const told = tasks.map(({ id: _, user_id: __, version: ___, ...task }) => ({
    ...task,
    tags: task.tags.map(({ name: tag, color }) => ({ tag, color })),
    reminders: task.reminders.map(({ id: ____, ...reminder }) => reminder),
    parent_task_id: name(task.parent_task_id),
    series_id: name(task.series_id),
  }));
  const byTitle = (one: { title: string }, other: { title: string }): number => (one.title < other.title ? -1 : 1);
  return {
    tags: tags
      .map(({ name: tag, color, created_at }) => ({ tag, color, created_at }))
      .toSorted((a, b) => (a.tag < b.tag ? -1 : 1)),
    tasks: told.toSorted(byTitle),
  };
}
