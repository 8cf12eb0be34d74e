import type { Task } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { quote } from "../door/flash.ts";
import { localPath } from "../door/form.ts";
import { html } from "../door/respond.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { dueText, inSentence } from "../time.ts";
import { FieldError } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { answerAct } from "./answer-act.tsx";
import { DateChoices, Month } from "./date-choices.tsx";
import { datePatch, wishOf, wrongDate } from "./wish.ts";

const idOf = (visit: Visit): string => visit.params.id ?? "";
const backOf = (visit: Visit): string => localPath(visit.url.searchParams.get("back"), "/today");

/** `GET /tasks/{id}/date`: the choice of a date as a page of its own. */
export async function showDate(visit: Visit): Promise<Response> {
  return datePage(visit, await visit.api.getTask(idOf(visit)));
}

/** `GET /dates?month=2026-12`: a month to choose a day from, for the dialog. */
export async function showMonth(visit: Visit): Promise<Response> {
  return html(<Month visit={visit} month={visit.url.searchParams.get("month")} />);
}

async function datePage(visit: Visit, task: Task, error?: string): Promise<Response> {
  const back = backOf(visit);
  return show(visit, {
    title: `Date of ${task.title}`,
    place: null,
    main: (
      <div class="column">
        <header class="page-head">
          <a class="page-back" href={back}>
            <Icon name="back" />
            Back to the list
          </a>
          <h1 dir="auto" safe>
            {task.title}
          </h1>
        </header>
        <form class="panel date-form" method="post" action={`/tasks/${task.id}/date?${new URLSearchParams({ back })}`}>
          <FieldError id="date-words" error={error} />
          <DateChoices visit={visit} />
        </form>
      </div>
    ),
    status: error ? 422 : 200,
  });
}

/** `POST /tasks/{id}/date`: another day (`to`), the words of a date (`words`), or exactly what it was before (`due`, `all_day`). */
export async function setDate(visit: Visit): Promise<Response> {
  const id = idOf(visit);
  const before = await visit.api.getTask(id);
  const wish = await wishOf(visit);
  if (wish === null) {
    if (visit.part === "act") throw new Problem("invalid", wrongDate);
    return datePage(visit, before, wrongDate);
  }
  const task = await visit.api.patchTask(id, datePatch(before, wish, visit.user.time_zone), {
    version: before.version,
  });
  const back = backOf(visit);
  const words =
    task.due_date === null
      ? "no date"
      : inSentence(dueText({ ...task, due_date: task.due_date }, visit.now, visit.user));
  return answerAct(visit, {
    tasks: [task],
    back,
    flash: { text: `${quote(task.title)}: ${words}.`, undo: { action: undoPath(before, back), label: "Undo" } },
  });
}

const undoPath = (before: Task, back: string): string =>
  `/tasks/${before.id}/date?${new URLSearchParams({
    back,
    due: before.due_date ?? "none",
    ...(before.all_day ? { all_day: "1" } : {}),
  })}`;
