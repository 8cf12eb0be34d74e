import type { Letter } from "@carillon/contracts/http/letters";
import type { Mail } from "@carillon/kit/ports";
import { addressOf, page } from "../mail/page.ts";
import { wordsOf } from "./words.ts";

/** The mail of a letter about an account: a text part, one link, and nothing that a person typed. */
export function letterMail(letter: Letter, { publicUrl }: { publicUrl: URL }): Mail {
  const { subject, lead, button, path, why } = wordsOf(letter);
  const link = addressOf(publicUrl, path);
  return {
    to: letter.email,
    subject,
    text: `${[lead, link, why].join("\n\n")}\n`,
    html: page({ title: subject, lead, link, button, why, language: letter.language }),
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

/** The key of a letter's mail: with the user's in it, so that whatever a transport keeps of theirs can be found and removed. */
export const letterKey = ({ user_id, id }: Pick<Letter, "user_id" | "id">): string => `${lettersOf(user_id)}${id}`;

export const lettersOf = (userId: string): string => `account-${userId}-`;
