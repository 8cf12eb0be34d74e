import { spokenDate } from "@carillon/calendar/formats";
import { dayFromText, dayText } from "@carillon/calendar/zone";
import { Problem } from "@carillon/kit/service";
import { understood } from "../tools/dates-in.ts";
import { momentOf } from "../tools/local-time.ts";
import type { Command, List, Target } from "./commands/command.ts";
import { findTarget } from "./find-target.ts";
import { type Replies, repliesIn } from "./replies.ts";
import { dayWords, sayTasks, sayWritten } from "./say.ts";
import { type Answered, callInTurn, type Turn } from "./turn.ts";

/** Does what the command asks for and answers what to say. A refusal is said in its own words. */
export async function doCommand(turn: Turn, command: Command): Promise<string> {
  try {
    const chosen = afterQuestion(turn, command);
    if (chosen.do !== "choose") turn.state = { ...turn.state, open: null };
    return await carryOut(turn, chosen);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    const places = (error.errors ?? []).map(({ detail }) => detail);
    return places.length > 0 ? sayIn(turn).refused(places.join("; ")) : error.detail;
  }
}

const sayIn = ({ asking }: Turn): Replies => repliesIn(asking.reader.language);

/** A number answers the question which task was meant. */
function afterQuestion({ state }: Turn, command: Command): Command {
  if (command.do !== "choose") return command;
  const target: Target = { kind: "place", place: command.place };
  const { open } = state;
  return open && "target" in open ? { ...open, target } : { do: "show", target };
}

async function carryOut(turn: Turn, command: Command): Promise<string> {
  switch (command.do) {
    case "create":
      return written(turn, await callInTurn(turn, "create_task", { text: command.text.slice(0, 1_000) }));
    case "list":
      return sayList(turn, command.list);
    case "day":
      return sayDay(turn, command.words);
    case "find":
      return findAndSay(turn, command.words);
    case "yes":
      return sayIn(turn).waitsForNothing;
    case "no":
      turn.state = { ...turn.state, proposal: null };
      return sayIn(turn).unchanged;
    case "undo":
      return undoLast(turn);
    case "remind":
      return remindBefore(turn, command.before);
    case "help":
    case "choose":
      return sayIn(turn).help;
    default:
      return onTarget(turn, command);
  }
}

const written = (turn: Turn, answer: Answered): string => sayWritten(answer, turn.asking.reader);
const tasksSaid = (turn: Turn, answer: Answered, words: { heading: string; none: string }): string =>
  sayTasks(answer, words, turn.asking.reader);

const toolOf: Partial<Record<Command["do"], string>> = {
  complete: "complete_task",
  reopen: "reopen_task",
  delete: "delete_task",
  restore: "restore_task",
  move: "reschedule_task",
  priority: "update_task",
  rename: "update_task",
  skip: "skip_occurrence",
  snooze: "snooze_reminder",
};

async function onTarget(turn: Turn, command: Extract<Command, { target: Target }>): Promise<string> {
  const found = await findTarget(turn, command);
  if ("ask" in found) return found.ask;
  const { ids } = found;
  const [id = ""] = ids;
  if (command.do === "show") {
    const { task } = await callInTurn(turn, "get_task", { id });
    if (!task) return sayIn(turn).gone;
    const line = tasksSaid(turn, { tasks: [task], next_cursor: null }, { heading: "", none: "" }).trim();
    return task.description === "" ? line : `${line}\n${task.description}`;
  }
  return written(turn, await callInTurn(turn, toolOf[command.do] ?? "", inputOf(command, ids, id)));
}

function inputOf(command: Extract<Command, { target: Target }>, ids: string[], id: string): Record<string, unknown> {
  switch (command.do) {
    case "move":
      return { ids, to: command.to };
    case "priority":
      return { ids, priority: command.priority };
    case "rename":
      return { ids, title: command.title };
    case "skip":
      return { id };
    case "snooze":
      return { id, minutes: command.minutes };
    default:
      return { ids };
  }
}

/** Takes back what the last turn did, the newest change first. */
async function undoLast(turn: Turn): Promise<string> {
  const done = (turn.state.done ?? []).toReversed();
  if (done.length === 0) return sayIn(turn).nothingToUndo;
  const said: string[] = [];
  for (const audit_id of done) {
    const { summary = "", notes = [], tasks = [] } = await callInTurn(turn, "undo", { audit_id });
    if (tasks.length > 0 || notes.length > 0) said.push(summary, ...notes);
  }
  return said.length === 0 ? sayIn(turn).asBefore : said.join("\n");
}

async function remindBefore(turn: Turn, before: string): Promise<string> {
  const [id] = turn.state.ids;
  if (id === undefined || turn.state.ids.length > 1) return sayIn(turn).remindOfWhich;
  const { task } = await callInTurn(turn, "get_task", { id });
  const kept = (task?.reminders ?? []).flatMap((one) => (one.before === null ? [] : [{ before: one.before }]));
  return written(turn, await callInTurn(turn, "update_task", { ids: [id], reminders: [...kept, { before }] }));
}

async function sayList(turn: Turn, list: List): Promise<string> {
  if (list === "tags" || list === "reminders" || list === "insights") return sayOther(turn, list);
  const today = momentOf(turn.asking.deps.clock.now(), turn.asking.timeZone).date;
  const queries: Record<typeof list, Record<string, unknown>> = {
    overdue: { overdue: true },
    week: { due_after: today, due_before: weekFrom(today) },
    completed: { status: "completed", sort: "-updated_at", limit: 10 },
    trash: { deleted: true },
    open: {},
  };
  const { heading, none } = sayIn(turn);
  const answer = await callInTurn(turn, "list_tasks", queries[list]);
  return tasksSaid(turn, answer, { heading: heading[list], none: none[list] });
}

async function sayOther(turn: Turn, list: List): Promise<string> {
  if (list === "tags") {
    const { tags = [] } = await callInTurn(turn, "list_tags", {});
    return tags.length === 0 ? sayIn(turn).none.tags : tags.map(({ name }) => `#${name}`).join(", ");
  }
  if (list === "reminders") {
    const answer = await callInTurn(turn, "list_notifications", { state: "pending", limit: 10 });
    const rows = answer.notifications as { task_title: string; at_local: string | null }[];
    const { none, heading, notPlanned } = sayIn(turn);
    const { reader } = turn.asking;
    const when = (at: string | null): string => (at === null ? notPlanned : spokenDate(at, reader, reader.language));
    const lines = rows.map(({ task_title, at_local }) => `· ${task_title}: ${when(at_local)}`);
    const head = `${heading.reminders} (${turn.asking.timeZone}):`;
    return lines.length === 0 ? none.reminders : [head, ...lines].join("\n");
  }
  const { open, overdue, streak, completed_by_day } = (await callInTurn(turn, "get_insights", {})) as {
    open?: number;
    overdue?: number;
    streak?: { current: number };
    completed_by_day?: { count: number }[];
  };
  const done = (completed_by_day ?? []).reduce((sum, { count }) => sum + count, 0);
  return sayIn(turn).insights({ done, open: open ?? 0, overdue: overdue ?? 0, streak: streak?.current ?? 0 });
}

const weekFrom = (today: string): string => dayText((dayFromText(today) ?? 0) + 8);

/** What is due on the day that the words name; where they name none, what is found by them. */
async function sayDay(turn: Turn, words: string): Promise<string> {
  const { fields } = understood(turn.asking, words);
  if (fields.due_date == null) return findAndSay(turn, words);
  const { date } = momentOf(new Date(fields.due_date), turn.asking.timeZone);
  const answer = await callInTurn(turn, "list_tasks", { due_on: date });
  const day = dayWords(date, turn.asking.reader);
  return tasksSaid(turn, answer, { heading: sayIn(turn).dueOn(day), none: sayIn(turn).nothingOn(day) });
}

async function findAndSay(turn: Turn, words: string): Promise<string> {
  const answer = await callInTurn(turn, "search_tasks", { query: words.slice(0, 200), status: "any", limit: 10 });
  return tasksSaid(turn, answer, { heading: sayIn(turn).found(words), none: sayIn(turn).foundNothing(words) });
}
