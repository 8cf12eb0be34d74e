import type { AuditEntry } from "@carillon/contracts/http/audit";
import type { CreatedToken, User } from "@carillon/contracts/http/auth";
import type { Channel } from "@carillon/contracts/http/channels";
import type { Feed } from "@carillon/contracts/http/feeds";
import type { Identity } from "@carillon/contracts/http/identities";
import type { Passkey } from "@carillon/contracts/http/passkeys";
import type { Session } from "@carillon/contracts/http/sessions";
import type { Tag } from "@carillon/contracts/http/tags";
import type { NewTask, ReminderInput, Task, TaskPatch } from "@carillon/contracts/http/tasks";
import { nextDates, reminderAt, remindersOf } from "./dates.ts";
import { type Answer, invalid } from "./refusal.ts";

export type Account = {
  user: User;
  password: string;
  tasks: Map<string, Task>;
  tags: Map<string, Tag>;
  tokens: Map<string, CreatedToken>;
  sessions: Map<string, Omit<Session, "current">>;
  /** Null without an authenticator app. */
  recoveryCodes: Set<string> | null;
  passkeys: Map<string, Passkey>;
  /** By the address at the provider. */
  identities: Map<string, Identity>;
  history: AuditEntry[];
  batches: Map<string, Task[]>;
  feeds: Map<string, Feed>;
  channels: Map<string, Channel>;
  answers: Map<string, { request: string; answer: Answer }>;
};

export function newAccount(user: User, password: string): Account {
  return {
    user,
    password,
    tasks: new Map(),
    tags: new Map(),
    tokens: new Map(),
    sessions: new Map(),
    recoveryCodes: null,
    passkeys: new Map(),
    identities: new Map(),
    history: [],
    batches: new Map(),
    feeds: new Map(),
    channels: new Map(),
    answers: new Map(),
  };
}

const colors = ["#0f8a7e", "#b7791f", "#3b6fb6", "#b5483a"];

/** The account's tag of that name, created if missing. */
export function ensureTag(account: Account, name: string, now: string, color?: string | null): Tag {
  const known = [...account.tags.values()].find((tag) => tag.name.toLowerCase() === name.toLowerCase());
  if (known) return known;
  const tag: Tag = {
    id: Bun.randomUUIDv7(),
    name,
    color: color ?? colors[account.tags.size % colors.length] ?? "#0f8a7e",
    version: 1,
    created_at: now,
    updated_at: now,
  };
  account.tags.set(tag.id, tag);
  return tag;
}

const milliseconds = (instant: string): string => new Date(instant).toISOString();

/** The task with that input applied, as in api; checks only what the pages must be able to show. */
export function applyInput(account: Account, task: Task, input: NewTask | TaskPatch, now: string): Task {
  if (input.title !== undefined && input.title.trim() === "") throw invalid("/title", "must not be empty");
  if (input.title !== undefined && [...input.title].length > 500)
    throw invalid("/title", "must have at most 500 characters");
  if (input.recurring_pattern && !/^(daily|weekly|monthly|yearly|(RRULE:)?FREQ=)/.test(input.recurring_pattern)) {
    throw invalid("/recurring_pattern", "is no rule of RFC 5545");
  }
  const pattern = input.recurring_pattern === undefined ? task.recurring_pattern : input.recurring_pattern;
  const after: Task = {
    ...task,
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.description === undefined ? {} : { description: input.description ?? "" }),
    ...(input.priority === undefined ? {} : { priority: input.priority ?? "medium" }),
    ...(input.due_date === undefined
      ? {}
      : { due_date: input.due_date === null ? null : milliseconds(input.due_date) }),
    ...(input.time_zone ? { time_zone: input.time_zone } : {}),
    ...(input.all_day === undefined ? {} : { all_day: input.all_day ?? false }),
    ...(input.tags === undefined
      ? {}
      : {
          tags: (input.tags ?? [])
            .map((name) => ensureTag(account, name, now))
            .map(({ id, name, color }) => ({ id, name, color })),
        }),
    recurring_pattern: pattern,
    is_recurring: pattern !== null,
    recurrence:
      pattern === null
        ? null
        : {
            rrule: pattern.replace("RRULE:", ""),
            text: "by its own rule",
            anchor: input.recurrence_anchor ?? task.recurrence?.anchor ?? "due_date",
            ends_at:
              input.recurrence_ends_at === undefined ? (task.recurrence?.ends_at ?? null) : input.recurrence_ends_at,
          },
  };
  return withRings(withRule(after), input.reminders, now);
}

/** A task with a date has its rule in the engine's own words. */
function withRule(task: Task): Task {
  const { recurrence, recurring_pattern: pattern, due_date: due, time_zone: zone, all_day: allDay } = task;
  if (!recurrence || !pattern || !due) return task;
  const { rrule, text } = nextDates({ pattern, due, zone, allDay, count: 1 });
  return { ...task, recurrence: { ...recurrence, rrule, text } };
}

function withRings(task: Task, wanted: NewTask["reminders"], now: string): Task {
  const kept = task.reminders.flatMap(({ before, remind_at: at }): ReminderInput[] =>
    before ? [{ before }] : at ? [{ at }] : [],
  );
  const reminders = remindersOf(task, wanted === undefined ? kept : (wanted ?? []), now);
  return { ...task, reminders, reminder_at: reminderAt(reminders) };
}

export function blankTask(userId: string, zone: string, now: string): Task {
  return {
    id: Bun.randomUUIDv7(),
    user_id: userId,
    title: "",
    description: "",
    status: "pending",
    completed: false,
    completed_at: null,
    priority: "medium",
    due_date: null,
    time_zone: zone,
    all_day: false,
    tags: [],
    is_recurring: false,
    recurring_pattern: null,
    recurrence: null,
    parent_task_id: null,
    series_id: null,
    reminder_at: null,
    reminder_sent: false,
    reminders: [],
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
  };
}

/** Appends a change to the history as audit would, and counts the version. */
export function record(account: Account, action: string, before: Task | null, after: Task, now: string): Task {
  const saved = { ...after, version: before === null ? 1 : before.version + 1, updated_at: now };
  const names = [
    "title",
    "description",
    "priority",
    "due_date",
    "time_zone",
    "all_day",
    "tags",
    "recurring_pattern",
    "reminders",
    "completed",
  ] as const;
  const changes = Object.fromEntries(
    names
      .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(saved[name]))
      .map((name) => [name, [before?.[name] ?? null, saved[name]]]),
  ) as AuditEntry["changes"];
  account.history.unshift({
    id: Bun.randomUUIDv7(),
    task_id: saved.id,
    tag_id: null,
    batch_id: null,
    version: saved.version,
    action,
    actor: "user",
    via: null,
    at: now,
    changes,
    hash: "0".repeat(64),
  });
  account.tasks.set(saved.id, saved);
  return saved;
}
