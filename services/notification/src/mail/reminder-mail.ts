import { usualFormats } from "@carillon/calendar/formats";
import type { SendClaim } from "@carillon/contracts/http/reminders";
import type { Mail } from "@carillon/kit/ports";
import { type DueDate, dueMoment, dueWords } from "./due-words.ts";
import { addressOf, page } from "./page.ts";

/** Up to this delay a mail says what was true at its planned instant, so that every retry has the same words. */
const onTimeMs = 10 * 60_000;

/**
 * The mail of a reminder: what is due and when, in its reader's zone, and one link to the task.
 * Everything a user typed is escaped text, never a header or markup. One-click unsubscribe (RFC
 * 8058) is in its headers.
 */
export function reminderMail(claim: SendClaim, { publicUrl, now }: { publicUrl: URL; now: Date }): Mail {
  const { task, user, unsubscribe_token: token } = claim;
  const title = oneLine(task.title);
  const date = dateOf(claim);
  const due = date && wordsOf(date, claim, now);
  const moment = date && `${dueMoment(date)}.`;
  const link = addressOf(publicUrl, `tasks/${task.id}`);
  const why = "You asked Carillon to remind you of this.";
  return {
    to: user.email,
    subject: due ? `${title}: ${due}` : `Reminder: ${title}`,
    text: [title, ...(due ? [`${capital(due)}.`] : []), ...(moment ? [moment] : []), link, why]
      .join("\n\n")
      .concat("\n"),
    html: page({ title, lead: due && `${capital(due)}.`, moment, link, button: "Open the task", why }),
    headers: {
      "List-Unsubscribe": `<${addressOf(publicUrl, `unsubscribe/${token}`)}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      // Vacation notices must not answer a reminder (RFC 3834).
      "Auto-Submitted": "auto-generated",
    },
  };
}

/** Null for a task without a due date. */
function dateOf({ task, user }: SendClaim): DueDate | null {
  if (task.due_date === null) return null;
  const timeZone = task.all_day ? task.time_zone : user.time_zone;
  const formats = {
    hourCycle: user.hour_cycle ?? usualFormats.hourCycle,
    dateOrder: user.date_order ?? usualFormats.dateOrder,
  };
  return { dueAt: new Date(task.due_date), allDay: task.all_day, timeZone, formats };
}

function wordsOf(date: DueDate, { remind_at }: SendClaim, now: Date): string {
  const planned = new Date(remind_at);
  const from = now.getTime() - planned.getTime() < onTimeMs ? planned : now;
  return dueWords(date, from);
}

/** A title has no line breaks; if one gets through, it becomes a space and not a header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").toWellFormed();

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
