import type { Task, TaskPatch } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { quote } from "../door/flash.ts";
import { field, localPath } from "../door/form.ts";
import { html } from "../door/respond.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { dueText, inSentence, instantOf, localMoment } from "../time.ts";
import { FieldError } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { answerAct } from "./answer-act.tsx";
import { DateChoices, dayChosen, Month } from "./date-choices.tsx";
import { parseLine } from "./understand-line.tsx";

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

/** What a form asks a date to become; null when it cannot be understood. */
type Wish =
  | { kind: "none" }
  | { kind: "day"; day: string; time: string | null }
  | { kind: "exact"; due: string; allDay: boolean };

/** `POST /tasks/{id}/date`: another day (`to`), the words of a date (`words`), or exactly what it was before (`due`, `all_day`). */
export async function setDate(visit: Visit): Promise<Response> {
  const id = idOf(visit);
  const before = await visit.api.getTask(id);
  const wish = await wishOf(visit);
  if (wish === null) {
    const error = "Write a date such as “friday”, “in 3 days” or “24 dec 18:00”.";
    if (visit.part === "act") throw new Problem("invalid", error);
    return datePage(visit, before, error);
  }
  const task = await visit.api.patchTask(id, datePatch(before, wish, visit.user.time_zone), before.version);
  const back = backOf(visit);
  const words =
    task.due_date === null
      ? "no date"
      : inSentence(dueText({ ...task, due_date: task.due_date }, visit.now, visit.user.time_zone));
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

async function wishOf(visit: Visit): Promise<Wish | null> {
  const due = visit.url.searchParams.get("due");
  if (due === "none") return { kind: "none" };
  if (due !== null) return { kind: "exact", due, allDay: visit.url.searchParams.has("all_day") };
  const to = field(visit.form, "to");
  if (to === "none") return { kind: "none" };
  const time = field(visit.form, "time") || null;
  const day = dayChosen(to, visit.now, visit.user.time_zone);
  if (day !== null) return { kind: "day", day, time };
  const words = field(visit.form, "words").trim();
  const parsed = words === "" ? null : await parseLine(visit, words);
  if (!parsed || parsed.due_date === undefined) return null;
  if (parsed.due_date === null) return { kind: "none" };
  return { kind: "exact", due: parsed.due_date, allDay: parsed.all_day ?? false };
}

/** A new day keeps the time of day that the task had; a day without one is a whole day. */
function datePatch(task: Task, wish: Wish, zone: string): TaskPatch {
  if (wish.kind === "none")
    return { due_date: null, all_day: false, ...(task.is_recurring ? { recurring_pattern: null } : {}) };
  if (wish.kind === "exact") return { due_date: wish.due, all_day: wish.allDay };
  const kept = task.due_date !== null && !task.all_day ? localMoment(task.due_date, zone).time : null;
  const time = wish.time ?? kept;
  const due = instantOf({ date: wish.day, time: time ?? "00:00" }, zone);
  if (due === null) throw new Problem("invalid", "That is no date.");
  return { due_date: due, all_day: time === null };
}
