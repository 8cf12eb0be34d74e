import type { ParsedText } from "@carillon/contracts/http/quick-add";
import type { Task } from "@carillon/contracts/http/tasks";
import { Failure } from "../exit.ts";
import { type Client, Unreachable } from "../http/client.ts";
import { readJson } from "../http/read-answer.ts";
import type { Outcome, Write } from "./write.ts";

/** The product keeps its answers to idempotency keys for a day; a repeat must come in time. */
const maxRepeatMs = 23 * 3_600_000;

type Around = { now: () => Date; save: (write: Write) => void };

/**
 * Sends the change, or sends it again: at most once it is done.
 * @throws Failure "later" or "signIn" when it has to wait.
 */
export async function sendWrite(client: Client, given: Write, around: Around): Promise<Outcome> {
  try {
    return await attempt(client, given, around);
  } catch (error) {
    if (!(error instanceof Failure) || error.exit === "later" || error.exit === "signIn") throw error;
    return { kind: "refused", failure: error };
  }
}

async function attempt(client: Client, given: Write, { now, save }: Around): Promise<Outcome> {
  let write = given;
  const keep = (change: Partial<Write>): void => {
    write = { ...write, ...change };
    save(write);
  };
  if (isTooLate(write, now()))
    throw new Failure(
      "failure",
      "It was sent more than 23 hours ago and no answer came: look whether it was done, then drop or retry it.",
    );
  const parsed = write.parse ? await understand(client, write) : null;
  const task = write.sentAt === null ? taskPath(write) : null;
  const before = task ? (await client.json<Task>(task)).version : write.before;
  const wasSent = write.sentAt !== null;
  // What was understood is kept, so that a repeat is the same request.
  const body = parsed ? bodyOf(write, parsed) : write.body;
  keep({ parse: null, body, before, sentAt: write.sentAt ?? now().toISOString() });
  const { method, path, id } = write;
  const call = {
    method,
    ...(body ? { body } : {}),
    ...(method === "POST" ? { headers: { "idempotency-key": id } } : {}),
  };
  try {
    const answer = await client.send(path, call);
    // The first time it was done, and its answer lost.
    if (method === "DELETE" && wasSent && answer.status === 404) return done(null, parsed);
    const result = await readJson<Task | null>(answer);
    return done(result, parsed, result !== null && result.version === write.before);
  } catch (error) {
    if (error instanceof Unreachable && error.isUnsent && !wasSent) keep({ sentAt: null });
    throw error;
  }
}

const done = (task: Task | null, parsed: ParsedText | null, isUnchanged = false): Outcome => ({
  kind: "done",
  task,
  parsed,
  isUnchanged,
});

/** Only POSTs add up; the others say what should be in the end. */
const isTooLate = ({ method, sentAt }: Write, now: Date): boolean =>
  method === "POST" && sentAt !== null && now.getTime() - new Date(sentAt).getTime() > maxRepeatMs;

const taskPath = ({ path }: Write): string | null => /^\/api\/tasks\/[0-9a-f-]{36}/.exec(path)?.[0] ?? null;

/** Stands for the task whose date is read. */
const placeholder = "x";

async function understand(client: Client, { parse, at }: Write): Promise<ParsedText> {
  const { text = "", as = "task" } = parse ?? {};
  const line = as === "date" ? `${placeholder} ${text}` : text;
  const parsed = await client.json<ParsedText>("/api/tasks/parse", { method: "POST", body: { text: line, now: at } });
  if (as === "task" || (parsed.due_date && parsed.title === placeholder)) return parsed;
  const [reason] = parsed.reasons;
  throw new Failure("failure", `"${text}" is not understood as a date${reason ? `: ${reason.detail}` : "."}`);
}

const dateFields = ["due_date", "time_zone", "all_day"] as const;
const repeatFields = ["recurring_pattern", "recurrence_anchor", "recurrence_ends_at"] as const;
const taskFields = ["title", ...dateFields, ...repeatFields, "priority", "tags", "reminders"] as const;

/** What was understood, under what was said by options. */
function bodyOf({ body, parse }: Write, parsed: ParsedText): Record<string, unknown> {
  const names = parse?.as === "date" ? [...dateFields, ...repeatFields] : taskFields;
  const read = Object.fromEntries(names.flatMap((name) => (parsed[name] === undefined ? [] : [[name, parsed[name]]])));
  const tags = [parsed.tags, body?.tags].filter(Array.isArray).flat();
  const own = parse?.as === "task" && tags.length > 0 ? { tags: [...new Set(tags)] } : {};
  return { ...read, ...body, ...own };
}
