import { maxLetters } from "@carillon/contracts/http/letters";
import type { ApiDeps } from "../../deps.ts";
import { isProven } from "../address/proof.ts";
import { letterMinutes, maxLinksPerHour } from "./write-letter.ts";

const hourMs = 3_600_000;

/**
 * Makes letters of the questions for a way back, for the addresses that have an account; the others are forgotten. An address that was not
 * proven gets the link that proves it: its owner then asks again.
 */
export async function answerForgotten({ sql, clock, newId }: ApiDeps): Promise<void> {
  const now = clock.now();
  const hourAgo = new Date(now.getTime() - hourMs);
  const endOf = (kind: "reset" | "verify") => new Date(now.getTime() + letterMinutes[kind] * 60_000);
  await sql.begin(async (tx) => {
    const asked = await tx<{ email_key: string; created_at: Date }[]>`
      delete from api.forgotten where id in (
        select id from api.forgotten order by created_at limit ${maxLetters} for update skip locked)
      returning email_key, created_at`;
    const keys = new Set(asked.filter(({ created_at }) => created_at > hourAgo).map(({ email_key }) => email_key));
    for (const key of keys)
      await tx`
        insert into api.letters (user_id, id, kind, created_at, expires_at, next_try_at)
        select u.id, ${newId()}, way.kind, ${now}, way.expires_at, ${now}
        from api.users u join (values ('reset', ${endOf("reset")}::timestamptz), ('verify', ${endOf("verify")}::timestamptz))
          as way (kind, expires_at) on way.kind = case when ${isProven(tx, "u")} then 'reset' else 'verify' end
        where u.email_key = ${key} and ${maxLinksPerHour} > (
          select count(*) from api.letters l
          where l.user_id = u.id and l.kind = way.kind and l.created_at > ${hourAgo})`;
  });
}
