import type { ChannelAddress, Send } from "@carillon/contracts/http/channels";
import { type DueDate, dueMoment, dueWords } from "../mail/due-words.ts";
import { addressOf } from "../mail/page.ts";

/** What a channel says in words. */
export type Message = { title: string; text: string; link: string };

/** Up to this delay a message says what was true at its planned instant, so that every retry has the same words. */
const onTimeMs = 10 * 60_000;

/** A reminder or a test in words; an event has none, it is for programs. */
export function messageOf({ content }: Send, { publicUrl, now }: { publicUrl: URL; now: Date }): Message {
  if (content.about !== "reminder") {
    const text = "This is the test you asked for: reminders reach you here.";
    return { title: "Carillon", text, link: addressOf(publicUrl, "settings/channels") };
  }
  const { title, due_date, all_day, time_zone, remind_at, task_id } = content.reminder;
  const link = addressOf(publicUrl, `tasks/${task_id}`);
  if (due_date === null) return { title, text: "You asked to be reminded of this.", link };
  const date: DueDate = {
    dueAt: new Date(due_date),
    allDay: all_day,
    timeZone: all_day ? time_zone : content.user_zone,
    formats: { hourCycle: content.hour_cycle, dateOrder: content.date_order },
  };
  const planned = new Date(remind_at);
  const words = dueWords(date, now.getTime() - planned.getTime() < onTimeMs ? planned : now);
  return { title, text: `${words.charAt(0).toUpperCase()}${words.slice(1)}.\n${dueMoment(date)}.`, link };
}

/** The body of a webhook: type, time and data, as Standard Webhooks write them. */
export function payloadOf({ content, created_at }: Send, publicUrl: URL): string {
  if (content.about === "event")
    return JSON.stringify({ type: content.type, timestamp: content.timestamp, data: content.data });
  if (content.about === "test") return JSON.stringify({ type: "channel.test", timestamp: created_at, data: {} });
  const { reminder } = content;
  const data = { ...reminder, url: addressOf(publicUrl, `tasks/${reminder.task_id}`) };
  return JSON.stringify({ type: "reminder.due", timestamp: reminder.remind_at, data });
}

export type Request = { headers: Record<string, string>; body: string | Buffer };

/** The longest title in a header; the text below has room for what is cut. */
const maxTitleLetters = 200;

/** A message as ntfy takes it. Only letters of Base64 come from a person: what was typed is never a header. */
export function ntfyRequest({ title, text, link }: Message, { id }: Send, { token }: ChannelAddress): Request {
  const short = [...title.toWellFormed()].slice(0, maxTitleLetters).join("");
  return {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      title: `=?UTF-8?B?${Buffer.from(short).toString("base64")}?=`,
      click: link,
      tags: "bell",
      // A message that is sent again replaces itself.
      "x-sequence-id": id,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: text,
  };
}
