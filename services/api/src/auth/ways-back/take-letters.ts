import { type Letter, type LetterKind, type Letters, maxLetters } from "@carillon/contracts/http/ways-back";
import { answer, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { resetToken } from "./reset-link.ts";
import { letterMinutes } from "./write-letter.ts";

/** Links that one account is mailed within an hour: a stranger must not fill its owner's mailbox. */
const maxResetsPerHour = 3;
const hourMs = 3_600_000;
/** Another replica may take a letter again after this time. */
const leaseMs = 60_000;

/** `POST /internal/letters/take`: mails about accounts that should be sent now. */
export const takeLettersRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/letters/take",
  callers: ["notification"],
  async handle({ request }) {
    requireNoQuery(request);
    await answerForgotten(deps);
    return toResponse(answer(200, { letters: await takeLetters(deps) } satisfies Letters));
  },
});

/** Makes letters of the questions for a way back, for the addresses that have an account; the others are forgotten. */
async function answerForgotten({ sql, clock, newId }: ApiDeps): Promise<void> {
  const now = clock.now();
  const hourAgo = new Date(now.getTime() - hourMs);
  const expiresAt = new Date(now.getTime() + letterMinutes.reset * 60_000);
  await sql.begin(async (tx) => {
    const asked = await tx<{ email_key: string; created_at: Date }[]>`
      delete from api.forgotten where id in (
        select id from api.forgotten order by created_at limit ${maxLetters} for update skip locked)
      returning email_key, created_at`;
    const keys = new Set(asked.filter(({ created_at }) => created_at > hourAgo).map(({ email_key }) => email_key));
    for (const key of keys)
      await tx`
        insert into api.letters (user_id, id, kind, created_at, expires_at, next_try_at)
        select u.id, ${newId()}, 'reset', ${now}, ${expiresAt}, ${now} from api.users u
        where u.email_key = ${key} and ${maxResetsPerHour} > (
          select count(*) from api.letters l where l.user_id = u.id and l.kind = 'reset' and l.created_at > ${hourAgo})`;
  });
}

type Row = {
  user_id: string;
  id: string;
  kind: LetterKind;
  tries: number;
  created_at: Date;
  email: string;
  name: string;
  time_zone: string;
};

async function takeLetters({ sql, seals, clock }: ApiDeps): Promise<Letter[]> {
  const now = clock.now();
  const rows = await sql<Row[]>`
    with due as (
      select user_id, id from api.letters where ended_at is null and next_try_at <= ${now} and expires_at > ${now}
      order by next_try_at limit ${maxLetters} for update skip locked
    )
    update api.letters l set tries = l.tries + 1, next_try_at = ${new Date(now.getTime() + leaseMs)}
    from due join api.users u on u.id = due.user_id
    where l.user_id = due.user_id and l.id = due.id
    returning l.user_id, l.id, l.kind, l.tries, l.created_at, u.email, u.name, u.time_zone`;
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    token: row.kind === "reset" ? resetToken(seals, { userId: row.user_id, id: row.id }) : null,
  }));
}
