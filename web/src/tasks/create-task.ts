import type { NewTask } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { quote } from "../door/flash.ts";
import { field, localPath } from "../door/form.ts";
import type { Visit } from "../door/visit.ts";
import { dueText } from "../time.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { fieldErrors } from "../ui/field-errors.ts";
import { answerAct } from "./answer-act.tsx";
import { type ListAddress, noFilters, readListAddress, rowsAtFirst } from "./list-address.ts";
import { defaultDate, listPage } from "./list-page.tsx";
import { refusedLine } from "./quick-add.tsx";
import { newTaskOf, type QuickTask, quickAddFields, readQuickTask } from "./quick-task.ts";
import { parseLine } from "./understand-line.tsx";
import { ruleWords } from "./understood.ts";

/**
 * `POST /tasks`: the quick-add line, parsed as words. What api rejects comes back on the same list,
 * with what was typed.
 */
export async function createTask(visit: Visit): Promise<Response> {
  const quick = readQuickTask(visit.form);
  const back = localPath(visit.form.get("back"), "/today");
  const list = listOf(visit, back);
  const zone = visit.user.time_zone;
  const parsed = await parseLine(visit, quick.title, writtenAt(visit));
  const body = newTaskOf(quick, parsed, { now: visit.now, zone, usualDate: defaultDate(visit, list.name) });
  if ("errors" in body) return refuse(visit, list, quick, body.errors);
  try {
    const task = await visit.api.createTask(body, field(visit.form, "key") || visit.newKey());
    const undo = { action: `/tasks/${task.id}/delete?${new URLSearchParams({ back })}`, label: "Undo" };
    const flash = { text: `Added ${quote(task.title)}${whenOf(visit, task, body)}.`, undo };
    return answerAct(visit, { tasks: [task], back, flash });
  } catch (error) {
    if (!(error instanceof Problem) || !["invalid", "malformed", "conflict"].includes(error.code)) throw error;
    return refuse(visit, list, quick, fieldErrors(error, quickAddFields));
  }
}

/** Longest time for which a browser keeps a line that it cannot send, in milliseconds. */
const maxWaitedMs = 30 * 86_400_000;

/** When the line was written: "tomorrow" in one that waited for a connection means the day after that. */
function writtenAt({ form, now }: Visit): Date {
  const waitedMs = Number(field(form, "waited_ms") || 0);
  return Number.isSafeInteger(waitedMs) && waitedMs >= 0 && waitedMs <= maxWaitedMs
    ? new Date(now.getTime() - waitedMs)
    : now;
}

type Dated = { due_date: string | null; all_day: boolean; time_zone: string };

/** ", due tomorrow, 09:00, every month on the 1st". */
function whenOf({ now, user }: Visit, task: Dated, body: NewTask): string {
  const due = task.due_date === null ? null : `due ${dueText({ ...task, due_date: task.due_date }, now, user)}`;
  const rule = ruleWords(
    {
      title: "",
      due_date: task.due_date,
      time_zone: task.time_zone,
      all_day: task.all_day,
      ...(body.recurring_pattern ? { recurring_pattern: body.recurring_pattern } : {}),
      ...(body.recurrence_anchor ? { recurrence_anchor: body.recurrence_anchor } : {}),
    },
    { now, reader: user },
  );
  return [due, rule].flatMap((words) => (words === null ? [] : `, ${words}`)).join("");
}

/** A request for the list alone gets only the reason: the line itself is still in the browser. */
const refuse = (visit: Visit, list: ListAddress, values: QuickTask, errors: FieldErrors): Promise<Response> =>
  visit.part === "list" || visit.part === "act" ? refusedLine(errors) : listPage(visit, list, { values, errors });

function listOf(visit: Visit, back: string): ListAddress {
  return (
    readListAddress(new URL(back, visit.url)) ?? { name: "today", filters: noFilters, cursor: null, rows: rowsAtFirst }
  );
}
