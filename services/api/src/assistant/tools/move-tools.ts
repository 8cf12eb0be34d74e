import { Nullable, Strict, Uuid } from "@carillon/contracts/http/shared";
import type { TaskPatch } from "@carillon/contracts/http/tasks";
import { Text } from "@carillon/contracts/http/text";
import { invalid } from "@carillon/kit/service";
import { Type } from "@sinclair/typebox";
import { loadTask, moveSeries, skipTask, snoozeTask, type TaskState, updateTask } from "../../tasks/index.ts";
import { dateInWords, withInstants } from "./dates-in.ts";
import { DateInput, readDate, sameTimeOn, spokenText } from "./local-time.ts";
import { consent, dryRun, ids } from "./make-tools.ts";
import { type Asking, defineTool, WriteAnswer } from "./tool.ts";
import { dueWords, named, wordsIn } from "./words.ts";
import { onEach, unconditional, write } from "./write.ts";

type Move = { to?: string; due_date?: string | null; all_day?: boolean; time_zone?: string };

/** The patch that moves the task there. A day alone keeps the time of day that the task has. @throws Problem 422. */
function movedTo(asking: Asking, { row }: TaskState, { to, ...given }: Move): TaskPatch {
  if (to === undefined && given.due_date === undefined)
    throw invalid({ pointer: "/to", detail: "say where: to (in words) or due_date" });
  if (to === undefined && typeof given.due_date !== "string") return given;
  const sent = withInstants(given, row.time_zone);
  const words = to === undefined ? null : dateInWords(asking, to);
  const at = words?.at ?? sent.due_date ?? "";
  const allDay = words?.allDay ?? sent.all_day;
  const keepsTime = allDay === true && given.all_day === undefined && row.due_at !== null && !row.all_day;
  if (keepsTime && row.due_at)
    return { ...given, due_date: sameTimeOn(new Date(at), row.due_at, row.time_zone).toISOString() };
  return { ...given, due_date: at, ...(allDay === undefined ? {} : { all_day: allDay }) };
}

export const rescheduleTaskTool = defineTool({
  name: "reschedule_task",
  title: "Move tasks to another date",
  kind: "write",
  description:
    "Moves tasks to another date or time and keeps their rule. A day alone keeps the time of day. Of a repeating task only this date moves " +
    "(scope this); scope following moves the series from here on. due_date null takes the date away.",
  input: Type.Object(
    {
      ids,
      to: Type.Optional(Text({ min: 1, max: 100, description: "in words: monday, tomorrow at 9, in 3 days" })),
      due_date: Type.Optional(Nullable(DateInput)),
      all_day: Type.Optional(Type.Boolean()),
      time_zone: Type.Optional(Type.String({ maxLength: 64 })),
      scope: Type.Optional(Type.Union([Type.Literal("this"), Type.Literal("following")], { default: "this" })),
      dry_run: dryRun,
      consent,
    },
    Strict,
  ),
  output: WriteAnswer,
  run: async (asking, input) => {
    const { ids: of, scope = "this", dry_run: _, consent: __, ...move } = input;
    const { language } = asking.reader;
    return write(asking, input, {
      tool: "reschedule_task",
      work: async (change) => {
        const notes: string[] = [];
        const states = await onEach(of, async (id) => {
          const patch = movedTo(asking, await loadTask(change.tx, change.userId, id), move);
          if (scope === "this") return updateTask(change, id, patch, unconditional);
          const { state, note } = await moveSeries(change, id, patch, unconditional);
          if (note !== null) notes.push(note);
          return state;
        });
        const what = `${named(states, language)}${dueWords(states, asking.reader)}`;
        return { verb: "move", what, notes, states };
      },
    });
  },
});

export const skipOccurrenceTool = defineTool({
  name: "skip_occurrence",
  title: "Skip one date of a series",
  kind: "write",
  description: "Leaves out the present date of a repeating task: it moves on to the next one. Not a completion.",
  input: Type.Object({ id: Uuid, dry_run: dryRun }, Strict),
  output: WriteAnswer,
  run: async (asking, input) =>
    write(asking, input, {
      tool: "skip_occurrence",
      work: async (change) => {
        const state = await skipTask(change, input.id, unconditional);
        const { language } = asking.reader;
        const what = `${wordsIn(language).oneDate}${named([state], language)}${dueWords([state], asking.reader)}`;
        return { verb: "skip", what, states: [state] };
      },
    }),
});

export const snoozeReminderTool = defineTool({
  name: "snooze_reminder",
  title: "Ring again later",
  kind: "write",
  description:
    "Rings for a task once more in some minutes, or at a time. What is still to ring stays, and so does the due date.",
  input: Type.Object(
    {
      id: Uuid,
      minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 43_200 })),
      until: Type.Optional(DateInput),
      dry_run: dryRun,
    },
    Strict,
  ),
  output: WriteAnswer,
  run: async (asking, input) => {
    const { id, minutes, until } = input;
    if ((minutes === undefined) === (until === undefined))
      throw invalid({ pointer: "/minutes", detail: "give either minutes or until" });
    const at = until === undefined ? null : readDate(until, asking.timeZone);
    if (until !== undefined && at === null) throw invalid({ pointer: "/until", detail: "is no date" });
    const body = at === null ? { minutes: minutes ?? 1 } : { until: at.at.toISOString() };
    return write(asking, input, {
      tool: "snooze_reminder",
      work: async (change) => {
        const state = await snoozeTask(change, id, body, unconditional);
        const rings = state.reminders.findLast(
          ({ is_snooze, remind_at }) => is_snooze && remind_at !== null,
        )?.remind_at;
        const { timeZone } = asking;
        const { language } = asking.reader;
        const at = rings && spokenText(rings, { timeZone, allDay: false }, asking.reader);
        const when = at ? wordsIn(language).rings(`${at} (${timeZone})`) : "";
        return { verb: "snooze", what: `${named([state], language)}${when}`, states: [state] };
      },
    });
  },
});
