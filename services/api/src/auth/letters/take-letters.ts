import {
  type Letter,
  type LetterDetails,
  type LetterKind,
  type Letters,
  maxLetters,
  TakeLetters,
} from "@carillon/contracts/http/letters";
import type { Language } from "@carillon/contracts/http/quick-add";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { noteTransport } from "../address/proof.ts";
import { answerForgotten } from "./answer-forgotten.ts";
import { linkOf } from "./links.ts";

/**
 * Another replica may take a letter again after this time. Longer than all letters of one step may take: a provider has 15 s for each, and
 * four go out at once.
 */
const leaseMs = 5 * 60_000;

/** `POST /internal/letters/take`: mails about accounts that should be sent now. */
export const takeLettersRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/letters/take",
  callers: ["notification"],
  async handle({ request }) {
    requireNoQuery(request);
    const { goes_out } = await readBody(request, TakeLetters);
    if (goes_out !== undefined) await noteTransport(deps, goes_out);
    await answerForgotten(deps);
    return toResponse(answer(200, { letters: await takeLetters(deps) } satisfies Letters));
  },
});

type Row = {
  user_id: string;
  id: string;
  kind: LetterKind;
  tries: number;
  created_at: Date;
  details: LetterDetails | null;
  email: string;
  name: string;
  time_zone: string;
  language: Language;
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
    returning l.user_id, l.id, l.kind, l.tries, l.created_at, l.details, coalesce(l.email, u.email) as email,
      u.name, u.time_zone, u.language`;
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    token: linkOf(seals, row.kind, { userId: row.user_id, id: row.id }),
  }));
}
