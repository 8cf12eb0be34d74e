import { type Static, Type } from "@sinclair/typebox";
import { DateOrder, HourCycle } from "./quick-add.ts";
import { Cursor, Instant, InstantInput, limit, Nullable, Page, Strict, TimeZone, Uuid } from "./shared.ts";
import { Reminder } from "./tasks.ts";

/** Body of `POST /api/tasks/{id}/snooze`: exactly one of the two. */
export const Snooze = Type.Object(
  {
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 43_200, examples: [15] })),
    until: Type.Optional(InstantInput),
  },
  Strict,
);
export type Snooze = Static<typeof Snooze>;

export const ListNotifications = Type.Object({
  state: Type.Optional(
    Type.String({ maxLength: 64, description: "comma list: any of pending, sent, failed, missed, cancelled" }),
  ),
  limit: limit(50),
  cursor: Type.Optional(Cursor),
});
export type ListNotifications = Static<typeof ListNotifications>;

/** One reminder and its state; `attempts` counts the attempts to mail it. */
export const Notification = Type.Object({
  id: Uuid,
  task_id: Uuid,
  task_title: Type.String(),
  before: Reminder.properties.before,
  remind_at: Reminder.properties.remind_at,
  state: Reminder.properties.state,
  reason: Reminder.properties.reason,
  attempts: Type.Integer({ minimum: 0 }),
  sent_at: Reminder.properties.sent_at,
  channels: Type.Array(
    Type.Object({
      kind: Type.String({ description: "email, web_push, ntfy or webhook" }),
      state: Reminder.properties.state,
      reason: Nullable(Type.String()),
      attempts: Type.Integer({ minimum: 0 }),
      sent_at: Reminder.properties.sent_at,
    }),
    { description: "What became of it in each channel; empty where it is only mailed." },
  ),
});
export type Notification = Static<typeof Notification>;
export const NotificationPage = Page(Notification);
export type NotificationPage = Static<typeof NotificationPage>;

/** One plan of one reminder: the subject of an alarm, a claim and a result. */
const plan = { id: Uuid, generation: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) };

/** Maximum reminders of one claim or one report. */
export const mostAtOnce = 100;

/** `POST /internal/reminders/claim` (notification → api): may these be sent now? */
export const ClaimReminders = Type.Object(
  { reminders: Type.Array(Type.Object(plan, Strict), { minItems: 1, maxItems: mostAtOnce }) },
  Strict,
);
export type ClaimReminders = Static<typeof ClaimReminders>;

/**
 * May be sent: the content of the mail, read under the owner's lock. `unsubscribe_token` goes into the
 * mail's headers.
 */
const Send = Type.Object({
  ...plan,
  outcome: Type.Literal("send"),
  remind_at: Instant,
  /** Without the last two, which an api of an older release does not send: as usual. */
  user: Type.Object({
    id: Uuid,
    email: Type.String(),
    name: Type.String(),
    time_zone: TimeZone,
    hour_cycle: Type.Optional(HourCycle),
    date_order: Type.Optional(DateOrder),
  }),
  task: Type.Object({
    id: Uuid,
    title: Type.String(),
    due_date: Nullable(Instant),
    all_day: Type.Boolean(),
    time_zone: TimeZone,
  }),
  unsubscribe_token: Type.String(),
});

/** Must not be sent any more; `state` is null if there is no such reminder. */
const Cancelled = Type.Object({
  ...plan,
  outcome: Type.Literal("cancelled"),
  state: Nullable(Reminder.properties.state),
  /** Any word: a reason unknown to its reader must not block the other answers. */
  reason: Nullable(Type.String()),
});

/** Not now: it has a new plan (another generation), or is not due yet by the database's clock. */
const Moved = Type.Object({
  ...plan,
  outcome: Type.Literal("moved"),
  next: Type.Object({ generation: plan.generation, remind_at: Instant }),
});

/** One answer for each reminder asked about, in the same order. `zones`: the zone rules by which api computed the instants. */
export const Claims = Type.Object({
  reminders: Type.Array(Type.Union([Send, Cancelled, Moved])),
  zones: Type.Optional(Type.String({ maxLength: 16 })),
});
export type Claims = Static<typeof Claims>;
export type Claim = Claims["reminders"][number];
export type SendClaim = Static<typeof Send>;

/** What a plan goes back to: its first request's trace id, and the event that announced it. */
const Cause = Type.Object(
  { correlation_id: Type.String({ maxLength: 100 }), causation_id: Nullable(Type.String({ maxLength: 100 })) },
  Strict,
);

/**
 * The result of a send. `tried`: it failed and will be retried; only `attempts` changes. `missed`:
 * more than 24 h late, never attempted. `at` is the instant it was sent or given up.
 */
const Result = Type.Object(
  {
    ...plan,
    outcome: Type.Union((["sent", "failed", "missed", "tried"] as const).map((value) => Type.Literal(value))),
    attempts: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    at: InstantInput,
    cause: Type.Optional(Cause),
  },
  Strict,
);
export type ReminderResult = Static<typeof Result>;

/** `POST /internal/reminders/results` (notification → api); idempotent. */
export const ReportResults = Type.Object(
  { results: Type.Array(Result, { minItems: 1, maxItems: mostAtOnce }) },
  Strict,
);
export type ReportResults = Static<typeof ReportResults>;

/**
 * What api made of each, in the same order. `noted`: it is the reminder's state now. `known`: it had
 * already ended. `stale`: it has a new plan. `gone`: there is no such reminder any more. None of
 * them needs to be reported again.
 */
export const ResultsNoted = Type.Object({
  results: Type.Array(
    Type.Object({
      ...plan,
      taken: Type.Union((["noted", "known", "stale", "gone"] as const).map((value) => Type.Literal(value))),
    }),
  ),
});
export type ResultsNoted = Static<typeof ResultsNoted>;

/** `POST /internal/reminders/due` (notification → api): every pending reminder before an instant, the earliest first, in pages. */
export const ListDue = Type.Object(
  {
    before: InstantInput,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 500 })),
    cursor: Type.Optional(Cursor),
  },
  Strict,
);
export type ListDue = Static<typeof ListDue>;

export const DueReminder = Type.Object({ ...plan, user_id: Uuid, task_id: Uuid, remind_at: Instant });
export type DueReminder = Static<typeof DueReminder>;
export const DuePage = Type.Object({ reminders: Type.Array(DueReminder), next_cursor: Nullable(Type.String()) });
export type DuePage = Static<typeof DuePage>;

/**
 * `POST /internal/unsubscribe` (web → api): switches off the mail of the user whom the token in a mail
 * was made for.
 */
export const Unsubscribe = Type.Object({ token: Type.String({ minLength: 1, maxLength: 500 }) }, Strict);
