// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text.

/** A plausible fault: in `file`, `find` becomes `put`. The simulator must find each. */
export type Bug = { name: string; file: string; find: string; put: string };

export const bugs: readonly Bug[] = [
  {
    name: "the relay marks what the broker did not take",
    file: "services/events/src/publish/pass.ts",
    find: "const takenRows = taken.map((entry) => entry.row);",
    put: "const takenRows = taken.length >= 0 ? entries.map((entry) => entry.row) : [];",
  },
  {
    name: "the relay reads a user's rows backwards",
    file: "services/events/src/publish/store.ts",
    find: "order by id limit ${limit}\n            ) as row",
    put: "order by id desc limit ${limit}\n            ) as row",
  },
  {
    name: "an announcement that comes again reopens its plan",
    file: "services/notification/src/ledger/plans.ts",
    find: "order by given.user_id, given.reminder_id, given.generation\n        on conflict do nothing",
    put: "order by given.user_id, given.reminder_id, given.generation\n        on conflict (user_id, reminder_id, generation) do update set status = 'pending', reason = null, ended_at = null",
  },
  {
    name: "the sweep adopts nothing that was forgotten",
    file: "services/notification/src/ledger/plans.ts",
    find: "if (pending.length === 0) return 0;",
    put: "if (pending.length >= 0) return 0;",
  },
  {
    name: "a mail that no provider took counts as sent",
    file: "services/notification/src/send-reminder.ts",
    find: 'return cause instanceof MailFailure ? cause : new MailFailure("away", String(cause), { cause });',
    put: 'return { kind: "sent", at: clock.now(), messageId: String(cause) };',
  },
  {
    name: "a claim does not ask whether the reminder was called off",
    file: "services/api/src/reminders/decide-claim.ts",
    find: 'if ((state !== "pending" && !isLeft) || !remind_at)',
    put: "if (!remind_at)",
  },
  {
    name: "a claim is decided by a clock that is an hour behind",
    file: "services/api/src/reminders/claim-reminders.ts",
    find: "const now = await databaseNow(tx);",
    put: "const now = new Date((await databaseNow(tx)).getTime() - 3_600_000);",
  },
  {
    name: "a version grows by two",
    file: "services/api/src/tasks/save-task.ts",
    find: "row.version + 1;",
    put: "row.version + 2;",
  },
  {
    name: "a successor gets a new id each time",
    file: "services/recurring/src/settle-completion.ts",
    find: "${occurrenceId(task.id)}",
    put: "${occurrenceId(task.id) && Bun.randomUUIDv7()}",
  },
  {
    name: "the sweep of completions settles nothing",
    file: "services/recurring/src/sweep.ts",
    find: "let cursor = await watermark(deps);",
    put: "let cursor = await watermark(deps);\n  if (signal) return swept;",
  },
  {
    name: "a new task counts twice",
    file: "services/api/src/tasks/create-task.ts",
    find: 'change.count("tasks", 1);',
    put: 'change.count("tasks", 2);',
  },
  {
    name: "what api called off is called off nowhere else",
    file: "services/notification/src/deliver-due.ts",
    find: "else ends.push(",
    put: "else [].concat(",
  },
  {
    name: "the history acknowledges what it could not write",
    file: "services/audit/src/on-task-event.ts",
    find: "() => appendEntries(books, drafts))",
    put: "() => appendEntries(books, drafts).catch(() => undefined))",
  },
  {
    name: "a consumer that asks for another delivery says that it is done",
    file: "services/events/src/consume/subscribe.ts",
    find: 'retry: "RETRY"',
    put: 'retry: "SUCCESS"',
  },
  {
    name: "an entry that comes again is written again",
    file: "services/audit/src/append-entries.ts",
    find: "const fresh = await withoutKnown(",
    put: "const fresh = await ((...[, all]: Parameters<typeof withoutKnown>) => all)(",
  },
  {
    name: "a snooze keeps the generation of what it replaces",
    file: "services/api/src/tasks/snooze-task.ts",
    find: "generation: (same?.generation ?? 0) + 1 };",
    put: "generation: same?.generation ?? 1 };",
  },
  {
    name: "a revived reminder keeps its generation",
    file: "services/api/src/tasks/reminders/reconcile.ts",
    find: "sent_at: null,\n      generation: row.generation + 1,",
    put: "sent_at: null,\n      generation: row.generation,",
  },
  {
    name: "a completion leaves its reminders pending",
    file: "services/api/src/tasks/complete-task.ts",
    find: 'cancelPending(before.reminders, "completed")',
    put: 'cancelPending(before.reminders.slice(0, 0).concat(before.reminders.filter(({ state }) => state !== "pending")), "completed")',
  },
  {
    name: "a provider that is away for a moment fails a reminder",
    file: "services/notification/src/retry.ts",
    find: 'return isTooLate ? { kind: "failed" } : { kind: "retry", delayMs };',
    put: 'return isTooLate || delayMs > 0 ? { kind: "failed" } : { kind: "retry", delayMs };',
  },
  {
    name: "each try of a mail has a key of its own",
    file: "services/notification/src/send-reminder.ts",
    find: "mailer.send(mail, alarmNameOf(taken))",
    put: "mailer.send(mail, `${alarmNameOf(taken)}-${taken.attempts}`)",
  },
];
