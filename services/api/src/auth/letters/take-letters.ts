import {
  type Letter,
  type LetterDetails,
  type LetterKind,
  type Letters,
  maxLetters,
  TakeLetters,
} from "@carillon/contracts/http/letters";
import type { DateOrder, HourCycle, Language } from "@carillon/contracts/http/quick-add";
import { type Tx, transact } from "@carillon/kit/database";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { grantMails } from "../../mail/index.ts";
import { noteTransport } from "../address/proof.ts";
import { answerForgotten } from "./answer-forgotten.ts";
import { addressKinds, linkOf } from "./links.ts";

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
  hour_cycle: HourCycle;
  date_order: DateOrder;
};

async function takeLetters(deps: ApiDeps): Promise<Letter[]> {
  const { seals, clock } = deps;
  const rows = await transact(deps.sql, async (tx) => takeWithinBudgets(deps, tx, clock.now()));
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    token: linkOf(seals, row.kind, { userId: row.user_id, id: row.id }),
  }));
}

async function takeWithinBudgets(deps: ApiDeps, tx: Tx, now: Date): Promise<Row[]> {
  const rows = await tx<Row[]>`
    with due as (
      select user_id, id from api.letters where ended_at is null and next_try_at <= ${now} and expires_at > ${now}
      order by next_try_at limit ${maxLetters} for update skip locked
    )
    update api.letters l set tries = l.tries + 1, next_try_at = ${new Date(now.getTime() + leaseMs)}
    from due join api.users u on u.id = due.user_id
    where l.user_id = due.user_id and l.id = due.id
    returning l.user_id, l.id, l.kind, l.tries, l.created_at, l.details, coalesce(l.email, u.email) as email,
      u.name, u.time_zone, u.language, u.hour_cycle, u.date_order`;
  const verdicts = await grantMails(deps, tx, rows.map(wishOf), now);
  const refused = rows.filter((row, at) => !isWayBack(row.kind) && verdicts[at] !== "granted");
  if (refused.length > 0)
    await tx`
      update api.letters l set ended_at = ${now}
      from jsonb_to_recordset(${tx.json(refused.map(({ user_id, id }) => ({ user_id, id })))}) as row (user_id uuid, id uuid)
      where l.user_id = row.user_id and l.id = row.id`;
  return rows.filter((row) => !refused.includes(row));
}

const wishOf = ({ user_id, id, kind, email }: Row) => ({
  userId: user_id,
  id,
  generation: 0,
  email,
  isLink: addressKinds.some((one) => one === kind),
});

/** A full budget must not keep an owner out: ways back have a bound of their own, three an hour. */
const isWayBack = (kind: LetterKind): boolean => kind === "reset";
