import { priorities } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { quote } from "../door/flash.ts";
import { field, localPath } from "../door/form.ts";
import type { Visit } from "../door/visit.ts";
import { priorityLabels } from "../ui/badges.tsx";
import { answerAct } from "./answer-act.tsx";

/** `POST /tasks/{id}/priority`. */
export async function setPriority(visit: Visit): Promise<Response> {
  const wanted = visit.url.searchParams.get("priority") ?? field(visit.form, "priority");
  const priority = priorities.find((level) => level === wanted);
  if (!priority) throw new Problem("invalid", "That is no priority.");
  const id = visit.params.id ?? "";
  const before = await visit.api.getTask(id);
  const task = await visit.api.patchTask(id, { priority }, { version: before.version });
  const back = localPath(visit.url.searchParams.get("back"), "/today");
  const undo = `/tasks/${id}/priority?${new URLSearchParams({ back, priority: before.priority })}`;
  const text = `${quote(task.title)}: ${priorityLabels[priority].toLowerCase()} priority.`;
  return answerAct(visit, { tasks: [task], back, flash: { text, undo: { action: undo, label: "Undo" } } });
}
