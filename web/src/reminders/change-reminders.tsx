import type { ReminderInput, Task } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { field, localPath } from "../door/form.ts";
import { html, seeOther } from "../door/respond.ts";
import { ToastPart } from "../door/show.tsx";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { dayOf, inSentence, instantOf, momentText } from "../time.ts";
import { fieldErrors } from "../ui/field-errors.ts";
import { Html } from "../ui/html.ts";
import { nameOf, type RefusedReminder, ReminderPanel } from "./reminder-panel.tsx";
import { NextRevision } from "./task-revision.tsx";

/** The whole task page with a rejected reminder on it; passed in, because the page contains the panel. */
export type ShowTask = (visit: Visit, task: Task, state: { refused: RefusedReminder }) => Promise<Response>;

const backOf = (visit: Visit): string => localPath(visit.url.searchParams.get("back"), "/today");
const idOf = (visit: Visit): string => visit.params.id ?? "";

/**
 * `GET /tasks/{id}/reminders`: the panel alone, for a page that refreshes itself; otherwise a redirect
 * to the task's page.
 */
export async function showReminders(visit: Visit): Promise<Response> {
  const task = await visit.api.getTask(idOf(visit));
  const back = backOf(visit);
  if (visit.part === "page") return seeOther(`${pageOf(task, back)}#reminders`);
  return html(<ReminderPanel visit={visit} task={task} back={back} />);
}

/**
 * `POST /tasks/{id}/reminders`: one more, by a button (`before`), an offset (`amount`, `unit`) or a
 * moment (`day`, `time`).
 */
export const addReminder =
  (showTask: ShowTask) =>
  async (visit: Visit): Promise<Response> => {
    const before = await visit.api.getTask(idOf(visit));
    const typed = Object.fromEntries(visit.form);
    const input = readReminder(visit);
    const refuse = (error: string) => refused(visit, showTask, before, { typed, error });
    if (input === null) return refuse("Enter how long before as a number, or a day and a time.");
    try {
      const task = await patch(visit, before, (kept) => [...kept, input]);
      const fresh = task.reminders.find(({ id }) => !before.reminders.some((one) => one.id === id));
      const name = fresh ? nameOf(fresh, visit.now, visit.user) : null;
      return done(visit, { before, task }, name ? `Reminder added: ${name}.` : "That reminder already exists.");
    } catch (error) {
      if (error instanceof Problem && error.code === "invalid") return refuse(wordsOf(error));
      throw error;
    }
  };

/** `POST /tasks/{id}/reminders/{reminder}/remove`. Succeeds if it is already gone. */
export async function removeReminder(visit: Visit): Promise<Response> {
  const before = await visit.api.getTask(idOf(visit));
  const without = (task: Task) => task.reminders.filter(({ id }) => id !== visit.params.reminder);
  const task = await patch(visit, before, (_, current) => without(current).flatMap(inputOf));
  return done(visit, { before, task }, "Reminder removed.");
}

/** Minutes of each choice but `tomorrow`. */
const snoozeMinutes = new Map([
  ["10m", 10],
  ["15m", 15],
  ["1h", 60],
]);

/** `POST /tasks/{id}/snooze`: `for` is `10m`, `15m`, `1h` or `tomorrow` (at nine in the reader's zone). */
export async function snoozeTask(visit: Visit): Promise<Response> {
  const before = await visit.api.getTask(idOf(visit));
  const zone = visit.user.time_zone;
  const tomorrow = instantOf({ date: dayOf(visit.now, zone, 1).date, time: "09:00" }, zone) ?? "";
  const until = field(visit.form, "for");
  const task = await visit.api.snoozeTask(
    before.id,
    until === "tomorrow" ? { until: tomorrow } : { minutes: snoozeMinutes.get(until) ?? 15 },
  );
  const set = task.reminders.findLast(({ state, before: offset }) => state === "pending" && offset === null)?.remind_at;
  const next = set ? ` It rings ${inSentence(momentText(set, visit.now, visit.user))}.` : "";
  return done(visit, { before, task }, `Snoozed.${next}`);
}

function readReminder({ form, user }: Visit): ReminderInput | null {
  const preset = field(form, "before");
  if (preset) return { before: preset };
  if (!form.has("day")) {
    const amount = field(form, "amount").trim();
    return /^\d{1,6}$/.test(amount) ? { before: `${Number(amount)}${field(form, "unit")}` } : null;
  }
  const at = instantOf({ date: field(form, "day"), time: field(form, "time") }, user.time_zone);
  return at === null ? null : { at };
}

/** Keeps an existing reminder as it is, with its state. */
const inputOf = ({ before, remind_at: at }: Task["reminders"][number]): ReminderInput[] =>
  before !== null ? [{ before }] : at !== null ? [{ at }] : [];

/** Retries on top of a concurrent change: one reminder more or less does not contradict it. */
async function patch(
  visit: Visit,
  before: Task,
  change: (kept: ReminderInput[], task: Task) => ReminderInput[],
): Promise<Task> {
  const save = async (task: Task) =>
    visit.api.patchTask(
      task.id,
      { reminders: change(task.reminders.flatMap(inputOf), task) },
      { version: task.version },
    );
  try {
    return await save(before);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "stale") throw error;
    return save(await visit.api.getTask(before.id));
  }
}

const pageOf = (task: Task, back: string): string => `/tasks/${task.id}?${new URLSearchParams({ back })}`;

async function done(visit: Visit, { before, task }: { before: Task; task: Task }, text: string): Promise<Response> {
  const back = backOf(visit);
  if (visit.part === "act") return html(<ToastPart visit={{ flash: { text } }} besideList />);
  if (visit.part === "page") return seeOtherWith(`${pageOf(task, back)}#reminders`, { text }, visit);
  const alone = field(visit.form, "version") === String(before.version) && task.version <= before.version + 1;
  return html(
    <>
      <ReminderPanel visit={visit} task={task} back={back} />
      {alone ? <NextRevision task={task} back={back} /> : null}
      <ToastPart visit={{ flash: { text } }} besideList={false} />
    </>,
  );
}

async function refused(visit: Visit, showTask: ShowTask, task: Task, state: RefusedReminder): Promise<Response> {
  if (visit.part === "page") return showTask(visit, task, { refused: state });
  return html(<ReminderPanel visit={visit} task={task} back={backOf(visit)} refused={state} />);
}

/** api's message about a reminder, without its index in the list. */
function wordsOf(error: Problem): string {
  const place = { field: "reminder", label: "The list of reminders", each: "A reminder" };
  return fieldErrors(error, { reminders: place }).reminder ?? error.detail;
}
