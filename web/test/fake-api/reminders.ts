import type { Notification } from "@carillon/contracts/http/reminders";
import type { Reminder } from "@carillon/contracts/http/tasks";
import { reminderAt } from "./dates.ts";
import { pageOf } from "./list.ts";
import { type Answer, notFound, Refusal } from "./refusal.ts";
import { type Account, record } from "./store.ts";
import type { Call, Route, World } from "./world.ts";

export const reminderRoutes: Route[] = [
  { method: "GET", path: /^\/api\/notifications$/, run: list },
  { method: "POST", path: /^\/api\/tasks\/([^/]+)\/snooze$/, run: snooze },
];

function snooze({ world, account, id, body, now }: Call): Answer {
  const task = account.tasks.get(id);
  if (!task || task.deleted_at) throw notFound();
  if (task.completed) throw new Refusal(409, "conflict", "This task is completed: it has nothing to remind you of.");
  const at = body.until ? new Date(String(body.until)) : new Date(Date.parse(now) + Number(body.minutes) * 60_000);
  // The fake takes each absolute one for a snooze.
  const off = task.reminders.map((one) =>
    one.state === "pending" && one.before === null
      ? { ...one, state: "cancelled" as const, reason: "snoozed" as const }
      : one,
  );
  const fresh = { id: Bun.randomUUIDv7(), before: null, remind_at: at.toISOString(), reason: null, sent_at: null };
  const reminders: Reminder[] = [...off, { ...fresh, state: "pending" }];
  const after = record(account, "task.updated", task, { ...task, reminders, reminder_at: reminderAt(reminders) }, now);
  world.changed(account, { event_type: "task.updated", task_id: id, version: after.version });
  return { status: 200, body: after };
}

function list({ account, url }: Call): Answer {
  const states = url.searchParams.get("state")?.split(",");
  const all = [...account.tasks.values()].flatMap((task) =>
    task.reminders.map(
      ({ sent_at, ...reminder }): Notification => ({
        ...reminder,
        sent_at,
        task_id: task.id,
        task_title: task.title,
        channels: [],
        attempts: reminder.state === "failed" ? 5 : reminder.state === "sent" ? 1 : 0,
      }),
    ),
  );
  const found = all.filter(({ state }) => states?.includes(state) ?? true);
  found.sort((a, b) => (b.remind_at ?? "").localeCompare(a.remind_at ?? ""));
  return { status: 200, body: pageOf(found, url.searchParams) };
}

/** The fake's token of an account is its e-mail address. */
export function unsubscribe(world: World, body: Record<string, unknown>): Answer {
  const account: Account | undefined = world.accounts.get(String(body.token));
  if (!account) throw notFound();
  account.user = { ...account.user, notifications: { email: false } };
  return { status: 204 };
}
