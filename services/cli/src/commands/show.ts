import type { Task } from "@carillon/contracts/http/tasks";
import { findTask, noteTask } from "../kept/known-tasks.ts";
import { taskLines } from "../terminal/say-task.ts";
import type { Run } from "./command.ts";

export async function show(run: Run): Promise<void> {
  const id = await findTask(run.client, run.store, run.given.words[0] ?? "");
  const task = await run.client.json<Task>(`/api/tasks/${id}`);
  noteTask(run.store, run.client.account.key, task);
  if (run.screen.json) return run.screen.data(task);
  for (const line of taskLines(task, { screen: run.screen, zone: task.time_zone, now: run.world.now() }))
    await run.screen.line(line);
}
