import type { ParsedText } from "@carillon/contracts/http/quick-add";
import type { Task } from "@carillon/contracts/http/tasks";
import { UsageError } from "../exit.ts";
import { shortIds } from "../kept/known-tasks.ts";
import { printable } from "../terminal/printable.ts";
import { sayFullDate } from "../terminal/say-date.ts";
import { repetitionOf } from "../terminal/say-task.ts";
import { change, isGiven, me, type Run } from "./command.ts";
import { fieldsOf } from "./fields.ts";

const maxTextChars = 1_000;

export async function add(run: Run): Promise<void> {
  const text = run.given.words.join(" ").trim();
  if (text === "") throw new UsageError("Say what the task is.");
  const isPlain = isGiven(run, "plain");
  const { due, ...fields } = fieldsOf(run);
  if (due !== undefined && isPlain) throw new UsageError("--due goes with words that are read, not with --plain.");
  const line = due === undefined ? text : `${text} ${due}`;
  if (!isPlain && [...line].length > maxTextChars)
    throw new UsageError(`A line has at most ${maxTextChars} characters; put the rest into --description.`);
  if (isGiven(run, "dry-run")) return preview(run, line, isPlain);
  const draft = isPlain
    ? { body: { title: text, ...fields } }
    : { body: fields, parse: { text: line, as: "task" as const } };
  const say = `add "${line}"`;
  const [outcome] = await change(run, [{ say, method: "POST", path: "/api/tasks", ...draft }]);
  if (!outcome?.task) return;
  if (run.screen.json) return run.screen.data(outcome.task);
  await sayAdded(run, outcome.task, outcome.parsed);
}

async function preview(run: Run, text: string, isPlain: boolean): Promise<void> {
  if (isPlain) throw new UsageError("--plain leaves nothing to understand; --dry-run shows what is understood.");
  const body = { text, now: run.world.now().toISOString() };
  const parsed = await run.client.json<ParsedText>("/api/tasks/parse", { method: "POST", body });
  if (run.screen.json) return run.screen.data(parsed);
  const zone = parsed.time_zone ?? (await me(run)).time_zone;
  const at = (instant: string) => sayFullDate(instant, { zone, allDay: parsed.all_day ?? false });
  await run.screen.line(run.screen.paint("bold", printable(parsed.title)));
  if (parsed.due_date) await run.screen.line(`  due        ${at(parsed.due_date)}`);
  if (parsed.recurring_pattern) await run.screen.line(`  repeats    ${printable(parsed.recurring_pattern)}`);
  if (parsed.priority) await run.screen.line(`  priority   ${parsed.priority}`);
  if (parsed.tags?.length)
    await run.screen.line(`  tags       ${parsed.tags.map((name) => printable(`#${name}`)).join(" ")}`);
  for (const reminder of parsed.reminders ?? [])
    await run.screen.line(
      `  reminder   ${printable("before" in reminder ? `${reminder.before} before` : reminder.at)}`,
    );
  await sayNext(run, parsed, at);
}

/** What became of the words, so that a misunderstanding shows at once. */
async function sayAdded(run: Run, task: Task, parsed: ParsedText | null): Promise<void> {
  const { screen } = run;
  const at = (instant: string) => sayFullDate(instant, { zone: task.time_zone, allDay: task.all_day });
  const id = shortIds([task.id]).get(task.id) ?? "";
  await screen.line(
    `${screen.paint("green", "added")} ${screen.paint("bold", printable(task.title))}  ${screen.paint("dim", id)}`,
  );
  if (task.due_date) await screen.line(`  due        ${at(task.due_date)}`);
  if (task.recurrence) await screen.line(`  repeats    ${printable(repetitionOf(task))}`);
  if (task.priority !== "medium") await screen.line(`  priority   ${task.priority}`);
  if (task.tags.length > 0)
    await screen.line(`  tags       ${task.tags.map(({ name }) => printable(`#${name}`)).join(" ")}`);
  for (const { before, remind_at, state } of task.reminders)
    await screen.line(
      `  reminder   ${before ? `${before} before` : remind_at ? at(remind_at) : ""}${state === "pending" ? "" : ` (${state})`}`,
    );
  if (parsed) await sayNext(run, parsed, at);
}

async function sayNext({ screen }: Run, parsed: ParsedText, at: (instant: string) => string): Promise<void> {
  const next = parsed.recurring_pattern ? parsed.preview.slice(1, 4) : [];
  if (next.length > 0) await screen.line(`  then       ${next.map(at).join("; ")}`);
  for (const { note } of parsed.pieces) if (note) screen.note(`note: ${note}`);
  for (const { detail } of parsed.reasons) screen.note(`left in the title: ${detail}`);
}
