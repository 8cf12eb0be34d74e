import type { Notification } from "@carillon/contracts/http/reminders";
import type { Reminder } from "@carillon/contracts/http/tasks";
import { inSentence, momentText, type Reader } from "../time.ts";

const units: Record<string, [string, string]> = {
  m: ["minute", "minutes"],
  h: ["hour", "hours"],
  d: ["day", "days"],
  w: ["week", "weeks"],
};

/** `1d` as "1 day before", `0m` as "When it is due"; an absolute reminder has no such words: null. */
export function beforeWords(before: string | null): string | null {
  if (before === null) return null;
  const [, amount = "", unit = ""] = /^(\d+)([mhdw])$/.exec(before) ?? [];
  const words = units[unit];
  if (!words) return before;
  return amount === "0" ? "When it is due" : `${amount} ${words[amount === "1" ? 0 : 1]} before`;
}

const reasons: Record<NonNullable<Reminder["reason"]>, string> = {
  completed: "the task was completed",
  deleted: "the task was deleted",
  moved: "the due date was moved",
  snoozed: "it was snoozed",
  same_time: "another reminder of this task rang at the same time",
  mail_off: "reminders by e-mail were switched off",
  unverified: "your e-mail address was not confirmed",
  mail_limit: "too many mails went to you already",
  too_late: "its time had passed",
  provider: "the mail could not be delivered",
};

type Told = Pick<Reminder, "remind_at" | "state" | "reason" | "sent_at">;

/** A reminder's past or future: "will ring Thu 26 Nov, 17:00", "missed because its time had passed". */
export function stateWords({ remind_at: at, state, reason, sent_at: sentAt }: Told, now: Date, reader: Reader): string {
  const because = reason === null ? "" : ` because ${reasons[reason] ?? reason}`;
  const when = (instant: string | null) => (instant === null ? "" : ` ${inSentence(momentText(instant, now, reader))}`);
  switch (state) {
    case "pending":
      if (at === null) return "waits for a due date";
      return Date.parse(at) <= now.getTime() ? "is ringing now" : `will ring${when(at)}`;
    case "sent":
      return `rang${when(sentAt ?? at)}`;
    case "missed":
      return `missed${because}`;
    case "failed":
      return `failed${because}`;
    case "cancelled":
      return `cancelled${because}`;
  }
}

const channelNames: Record<string, string> = { email: "e-mail", web_push: "browser", ntfy: "ntfy", webhook: "webhook" };

/** One channel's part: "ntfy sent", "e-mail cancelled". */
export const channelWords = ({ kind, state }: Notification["channels"][number]): string =>
  `${channelNames[kind] ?? kind} ${state === "pending" ? "on its way" : state}`;
