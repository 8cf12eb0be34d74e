import type { Command, Target } from "./commands/command.ts";
import { repliesIn } from "./replies.ts";
import { sayTasks } from "./say.ts";
import { callInTurn, type Turn } from "./turn.ts";

/** The tasks a command is about, or what has to be said instead. */
export type Found = { ids: string[] } | { ask: string };

type Verb = Extract<Command, { target: Target }>["do"];

/** Finds the tasks that are meant. Where several might be, the user is asked, and the command waits for the answer. */
export async function findTarget(turn: Turn, command: Extract<Command, { target: Target }>): Promise<Found> {
  const { target } = command;
  const { ids } = turn.state;
  const say = repliesIn(turn.asking.reader.language);
  if (target.kind === "place") {
    const id = ids[target.place - 1];
    return id === undefined ? { ask: say.noNumber(target.place) } : { ids: [id] };
  }
  if (target.kind === "them") return ids.length === 0 ? { ask: say.whichTasks } : { ids };
  if (target.kind === "it") {
    if (ids.length === 1) return { ids };
    return { ask: ids.length === 0 ? say.whichTask : say.whichOne };
  }
  return findByWords(turn, command, target.words);
}

async function findByWords(turn: Turn, command: Command & { do: Verb }, words: string): Promise<Found> {
  const before = turn.state.ids;
  const { language } = turn.asking.reader;
  const say = repliesIn(language);
  const found = await searchFor(turn, command.do, words);
  const tasks = found.tasks ?? [];
  const same = tasks.filter(({ title }) => title.toLowerCase() === words.toLowerCase());
  const [only] = same.length === 1 ? same : tasks.length === 1 ? tasks : [];
  if (only) {
    turn.state = { ...turn.state, ids: [only.id] };
    return { ids: [only.id] };
  }
  if (tasks.length === 0) {
    turn.state = { ...turn.state, ids: before };
    return { ask: say.noTask(kindOf[command.do] ?? "open", words) };
  }
  turn.state = { ...turn.state, open: command };
  return { ask: sayTasks(found, { heading: say.sayNumber, none: "" }, turn.asking.reader) };
}

const kindOf: Partial<Record<Verb, "completed" | "deleted" | "any">> = {
  reopen: "completed",
  restore: "deleted",
  show: "any",
};

/** What is meant is still to do, but for what brings back. */
async function searchFor(turn: Turn, verb: Verb, words: string) {
  if (verb === "restore") {
    const trash = await callInTurn(turn, "list_tasks", { deleted: true });
    const tasks = (trash.tasks ?? []).filter(({ title }) => title.toLowerCase().includes(words.toLowerCase()));
    return { ...trash, tasks, next_cursor: null };
  }
  const status = verb === "reopen" ? "completed" : verb === "show" ? "any" : "pending";
  return callInTurn(turn, "search_tasks", { query: words.slice(0, 200), status, limit: 10 });
}
