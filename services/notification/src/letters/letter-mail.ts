import type { Letter } from "@carillon/contracts/http/ways-back";
import type { Mail } from "@carillon/kit/ports";
import { addressOf, page } from "../mail/page.ts";

type Words = { subject: string; lead: string; button: string; path: string; why: string };

/** The words of each kind of letter. */
function wordsOf({ kind, token }: Letter): Words {
  if (kind === "reset")
    return {
      subject: "Set a new password for Carillon",
      lead: "A new password was asked for at Carillon for this address. The link holds for an hour and works once.",
      button: "Set a new password",
      path: `reset/${token}`,
      why: "If you did not ask for it, do nothing: your password stays as it is, and nothing was opened.",
    };
  return {
    subject: "Your Carillon password was changed",
    lead: "The password of your account was changed. Other sessions and all access tokens have ended.",
    button: "Open Carillon",
    path: "today",
    why: "If it was not you, set a new password now: choose “Forgotten your password?” where you sign in.",
  };
}

/** The mail of a letter about an account: a text part, one link, and nothing that a person typed. */
export function letterMail(letter: Letter, { publicUrl }: { publicUrl: URL }): Mail {
  const { subject, lead, button, path, why } = wordsOf(letter);
  const link = addressOf(publicUrl, path);
  return {
    to: letter.email,
    subject,
    text: `${[lead, link, why].join("\n\n")}\n`,
    html: page({ title: subject, lead, link, button, why }),
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

/** The key of a letter's mail: with the user's in it, so that whatever a transport keeps of theirs can be found and removed. */
export const letterKey = ({ user_id, id }: Pick<Letter, "user_id" | "id">): string => `${lettersOf(user_id)}${id}`;

export const lettersOf = (userId: string): string => `account-${userId}-`;
