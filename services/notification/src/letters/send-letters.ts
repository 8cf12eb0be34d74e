import { MailFailure } from "@carillon/adapters/mail";
import { type Letter, type LetterResults, maxLetters } from "@carillon/contracts/http/letters";
import { within } from "@carillon/kit/loop";
import { askApi } from "../ask-api.ts";
import type { NotificationDeps } from "../deps.ts";
import { noteBounce } from "../note-bounce.ts";
import { nextTry } from "../retry.ts";
import { mailMs } from "../send-reminder.ts";
import { letterKey, letterMail } from "./letter-mail.ts";

type Result = LetterResults["results"][number];

/** Sends the letters that api has, and tells it what became of them; returns whether more are probably left. */
export async function sendLetters(deps: NotificationDeps): Promise<boolean> {
  const api = askApi(deps.invoke);
  const letters = await api.takeLetters(deps.goesOut);
  if (letters.length === 0) return false;
  const results: Result[] = [];
  // A few at a time: a provider counts connections, and reminders use some of them.
  for (let at = 0; at < letters.length; at += 4)
    results.push(...(await Promise.all(letters.slice(at, at + 4).map((letter) => sendLetter(deps, letter)))));
  await api.noteLetters(results);
  return letters.length === maxLetters;
}

async function sendLetter(deps: NotificationDeps, letter: Letter): Promise<Result> {
  const { mailer, publicUrl, clock, log } = deps;
  const { user_id, id, kind, tries } = letter;
  try {
    const sending = async () => mailer.send(letterMail(letter, { publicUrl }), letterKey(letter));
    await within(mailMs, "the mail provider", sending());
    log.info("letter: sent", { user_id, letter_id: id, kind, tries });
    return { user_id, id, delay_ms: null };
  } catch (cause) {
    const failure = cause instanceof MailFailure ? cause : new MailFailure("away", String(cause), { cause });
    await noteBounce(deps, failure, letter.email);
    const next = nextTry(failure, { remindAt: new Date(letter.created_at), attempts: tries, now: clock.now() });
    log.warn("letter: not sent", { user_id, letter_id: id, kind, tries, outcome: next.kind, reason: failure.kind });
    return { user_id, id, delay_ms: next.kind === "retry" ? Math.round(next.delayMs) : null };
  }
}
