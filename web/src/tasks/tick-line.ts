import { field, localPath } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { turnTick } from "../notes/index.ts";
import { answerAct } from "./answer-act.tsx";

/** `POST /tasks/{id}/tick`: sets or takes off the tick of one line of the description, if that line still says the same. */
export async function tickLine(visit: Visit): Promise<Response> {
  const id = visit.params.id ?? "";
  const back = localPath(visit.url.searchParams.get("back"), `/tasks/${id}`);
  const task = await visit.api.getTask(id);
  const line = Number(field(visit.form, "line") || -1);
  const description = turnTick(task.description, line, field(visit.form, "words"));
  if (description === null)
    return seeOtherWith(back, { text: "That line was changed meanwhile. This is how it reads now." }, visit);
  const changed = await visit.api.patchTask(id, { description }, { version: task.version });
  if (visit.part === "page") return seeOtherWith(back, { text: "Saved." }, visit);
  return answerAct(visit, { tasks: [changed], back, flash: { text: "Saved." } });
}
