import type { Reminder, Task } from "@carillon/contracts/http/tasks";
import type { Visit } from "../door/visit.ts";
import { dayOf, momentText, type Reader, timeText } from "../time.ts";
import { FieldError } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { beforeWords, stateWords } from "./wording.ts";

/** A reminder as the user typed it, and what is wrong with it. */
export type RefusedReminder = { typed: Record<string, string>; error: string };

const presets = [
  { value: "0m", label: "When it is due" },
  { value: "15m", label: "15 min" },
  { value: "1h", label: "1 hour" },
  { value: "1d", label: "1 day" },
  { value: "1w", label: "1 week" },
];
const units = [
  { value: "m", label: "minutes" },
  { value: "h", label: "hours" },
  { value: "d", label: "days" },
  { value: "w", label: "weeks" },
];
const snoozes = (reader: Reader) => [
  { value: "15m", label: "15 min" },
  { value: "1h", label: "1 hour" },
  { value: "tomorrow", label: `Tomorrow ${timeText(nine, reader)}` },
];

/** When whole days ring. */
const nine = { time: "09:00" };

export const stateIcons: Record<Reminder["state"], IconName> = {
  pending: "bell",
  sent: "check",
  failed: "warning",
  missed: "warning",
  cancelled: "silent",
};

type Props = { visit: Visit; task: Task; back: string; refused?: RefusedReminder | undefined };

/** The task's reminders, each with its state, and the ways to add one. It refreshes by itself, beside the form. */
export const ReminderPanel = ({ visit, task, back, refused }: Props) => {
  const query = new URLSearchParams({ back });
  const action = (verb: string) => `/tasks/${task.id}/reminders${verb}?${query}`;
  return (
    <section
      id="reminders"
      class="panel reminders"
      aria-labelledby="reminders-title"
      hx-get={action("")}
      hx-trigger="changed"
      hx-target="this"
      hx-swap="outerMorph"
      hx-headers='{"X-Live": "1"}'
    >
      <h2 id="reminders-title" class="panel-title">
        Reminders
      </h2>
      <MailTrouble user={visit.user} />
      {task.reminders.length > 0 ? (
        <ul class="reminder-list">
          {task.reminders.map((reminder) => (
            <Row reminder={reminder} visit={visit} action={action(`/${reminder.id}/remove`)} version={task.version} />
          ))}
        </ul>
      ) : (
        <p class="quiet">None yet. Carillon sends you an e-mail when one rings.</p>
      )}
      {task.completed ? null : <Add visit={visit} task={task} action={action("")} refused={refused} />}
      {task.completed || !task.reminders.some(({ state }) => state === "sent") ? null : (
        <Snooze action={`/tasks/${task.id}/snooze?${query}`} version={task.version} reader={visit.user} />
      )}
    </section>
  );
};

/** Why no reminder is mailed, if none is. */
export const MailTrouble = ({ user }: { user: Visit["user"] }) => {
  if (!user.notifications.email) return <MailOff />;
  return user.email_verified ? null : <Unconfirmed />;
};

const Unconfirmed = () => (
  <p class="notice">
    Your e-mail address is not confirmed, so no reminder will be sent.{" "}
    <a href="/settings#address">Confirm the address</a>
  </p>
);

const MailOff = () => (
  <p class="notice">
    Reminders by e-mail are switched off, so none will be sent. <a href="/settings#reminders">Switch them on</a>
  </p>
);

/** htmx sends such a form and replaces only the panel; without it the page is loaded again. */
const inPanel = (action: string): Record<string, string> => ({
  "hx-post": action,
  "hx-target": "#reminders",
  "hx-swap": "outerMorph",
  "hx-sync": "this:drop",
});

const Version = ({ version }: { version: number }) => (
  <input type="hidden" name="version" value={String(version)} autocomplete="off" />
);

type RowProps = { reminder: Reminder; visit: Visit; action: string; version: number };

const Row = ({ reminder, visit: { now, user }, action, version }: RowProps) => {
  const name = nameOf(reminder, now, user);
  return (
    <li class={["reminder", `reminder-${reminder.state}`]}>
      <Icon name={stateIcons[reminder.state]} />
      <p class="reminder-text">
        <span class="reminder-name" safe>
          {name}
        </span>
        <span class="reminder-state" safe>
          {reminder.before === null && isAhead(reminder, now) ? "will ring then" : stateWords(reminder, now, user)}
        </span>
      </p>
      <form method="post" action={action} {...inPanel(action)}>
        <Version version={version} />
        <button type="submit" class="icon-button" aria-label={`Remove the reminder “${name}”`}>
          <Icon name="close" />
        </button>
      </form>
    </li>
  );
};

const isAhead = ({ state, remind_at: at }: Reminder, now: Date): boolean =>
  state === "pending" && at !== null && Date.parse(at) > now.getTime();

/** "1 day before", or the moment of an absolute one. */
export function nameOf({ before, remind_at: at }: Pick<Reminder, "before" | "remind_at">, now: Date, reader: Reader) {
  return beforeWords(before) ?? (at === null ? "At a moment" : momentText(at, now, reader));
}

type AddProps = { visit: Visit; task: Task; action: string; refused: RefusedReminder | undefined };

const Add = ({ visit, task, action, refused }: AddProps) => {
  const used = task.reminders.map(({ before }) => before);
  const free = presets.filter(({ value }) => !used.includes(value));
  return (
    <>
      {task.due_date === null ? (
        <p class="quiet">With a due date, a reminder can count back from it.</p>
      ) : free.length > 0 ? (
        <form method="post" action={action} {...inPanel(action)}>
          <Version version={task.version} />
          <fieldset class="choices">
            <legend>
              {task.all_day ? `Add, before ${timeText(nine, visit.user)} of its day` : "Add, before it is due"}
            </legend>
            <div class="pills">
              {free.map(({ value, label }) => (
                <button type="submit" name="before" value={value} class="pill-face pill-button">
                  <Icon name="plus" />
                  <span safe>{label}</span>
                </button>
              ))}
            </div>
          </fieldset>
        </form>
      ) : null}
      <details class="fold" open={refused !== undefined}>
        <summary>
          <Icon name="chevron" class="chevron" />
          Another time
        </summary>
        <div class="fold-body">
          <FieldError id="reminder" error={refused?.error} />
          {task.due_date === null ? null : (
            <Offset task={task} action={action} typed={refused?.typed ?? {}} reader={visit.user} />
          )}
          <Moment visit={visit} task={task} action={action} typed={refused?.typed ?? {}} />
        </div>
      </details>
    </>
  );
};

type OwnProps = { task: Task; action: string; typed: Record<string, string> };

const Offset = ({ task, action, typed, reader }: OwnProps & { reader: Reader }) => (
  <form class="reminder-own" method="post" action={action} {...inPanel(action)}>
    <Version version={task.version} />
    <p class="reminder-own-title">
      {task.all_day ? `Before ${timeText(nine, reader)} of its day` : "Before it is due"}
    </p>
    <input
      class="input"
      name="amount"
      value={typed.amount ?? ""}
      dir="auto"
      aria-label="How long before it is due"
      placeholder="30"
      inputmode="numeric"
      maxlength={6}
      autocomplete="off"
      required
    />
    <select class="input select" name="unit" aria-label="Unit" autocomplete="off">
      {units.map(({ value, label }) => (
        <option value={value} selected={value === (typed.unit ?? "m")} safe>
          {label}
        </option>
      ))}
    </select>
    <AddButton />
  </form>
);

const Moment = ({ visit, task, action, typed }: OwnProps & { visit: Visit }) => (
  <form class="reminder-own reminder-moment" method="post" action={action} {...inPanel(action)}>
    <Version version={task.version} />
    <p class="reminder-own-title">At a moment</p>
    <input
      class="input"
      type="date"
      name="day"
      value={typed.day ?? dayOf(visit.now, visit.user.time_zone, 1).date}
      aria-label="Day of the reminder"
      autocomplete="off"
      required
    />
    <input
      class="input"
      type="time"
      name="time"
      value={typed.time ?? "09:00"}
      aria-label="Time of the reminder"
      autocomplete="off"
      required
    />
    <AddButton />
  </form>
);

const AddButton = () => (
  <button type="submit" class="button">
    Add
  </button>
);

const Snooze = ({ action, version, reader }: { action: string; version: number; reader: Reader }) => (
  <form method="post" action={action} {...inPanel(action)}>
    <Version version={version} />
    <fieldset class="choices">
      <legend>Snooze, and ring again</legend>
      <div class="pills">
        {snoozes(reader).map(({ value, label }) => (
          <button type="submit" name="for" value={value} class="pill-face pill-button">
            <Icon name="moon" />
            <span safe>{label}</span>
          </button>
        ))}
      </div>
    </fieldset>
  </form>
);
