import type { ChatProposal } from "@carillon/contracts/http/chat";
import type { Db } from "@carillon/kit/database";
import { isUuid } from "@carillon/kit/http";
import { notFound, Problem } from "@carillon/kit/service";
import type { Change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Asking, By } from "./tool.ts";

/** A yes holds for what was shown, for a little while. */
const maxProposalMs = 5 * 60_000;

/** What was proposed, and under which arguments it may be done. */
type Proposed = { tool: string; input: Record<string, unknown> };
type Plan = Pick<ChatProposal, "summary" | "changes">;

const nameOf = ({ kind, id }: By): string => `${kind} ${id}`;

/** The HMAC of a call that its consent is bound to: the same tool with the same arguments, in whatever order they stand. */
const digestOf = ({ seals }: ApiDeps, { tool, input }: Proposed): Buffer =>
  Buffer.from(seals.digest(`proposal ${tool} ${sortedJson(input)}`));

/** JSON whose objects have their names in order: equal for equal values. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/** The proposal, kept where every replica finds it. Nothing of the user's is changed. */
export async function propose({ deps, userId, by }: Asking, proposed: Proposed, plan: Plan): Promise<ChatProposal> {
  const { sql, clock, newId } = deps;
  const now = clock.now();
  const id = newId();
  const expiresAt = new Date(now.getTime() + maxProposalMs);
  await sql`
    insert into api.proposals (user_id, id, asked_by, tool, input, input_hash, created_at, expires_at)
    values (${userId}, ${id}, ${nameOf(by)}, ${proposed.tool}, ${sql.json(proposed.input as never)}, ${digestOf(deps, proposed)},
      ${now}, ${expiresAt})`;
  return { id, ...plan, expires_at: expiresAt.toISOString() };
}

/** The call that was proposed, and on whose word. @throws Problem 404 when there is none for this user. */
export async function proposedCall(db: Db, userId: string, id: string): Promise<Proposed & { askedBy: string }> {
  if (!isUuid(id)) throw notFound();
  const [row] = await db<(Proposed & { askedBy: string })[]>`
    select tool, input, asked_by as "askedBy" from api.proposals where user_id = ${userId} and id = ${id}`;
  if (!row) throw notFound();
  return row;
}

type Row = { tool: string; input: Record<string, unknown>; is_open: boolean; is_same: boolean };

/**
 * Uses the consent up, in the transaction of what it allows: it holds once, for these arguments, on this word, on any replica.
 * @throws Problem 404 for a proposal that is not the user's, 409 for one that is used, expired, of another call or on another word.
 */
export async function useConsent(deps: ApiDeps, change: Change, by: By, id: string, call: Proposed): Promise<void> {
  if (!isUuid(id)) throw notFound();
  const { tx, userId, now } = change;
  const [row] = await tx<Row[]>`
    select tool, input, used_at is null and expires_at > ${now}::timestamptz as is_open,
      tool = ${call.tool} and input_hash = ${digestOf(deps, call)} and asked_by = ${nameOf(by)} as is_same
    from api.proposals where user_id = ${userId} and id = ${id}`;
  if (!row) throw notFound();
  if (!row.is_same) throw new Problem("conflict", "This consent was given for another call; ask again.");
  if (!row.is_open) throw new Problem("conflict", "This consent is used or has expired; ask again.");
  await tx`update api.proposals set used_at = ${now} where user_id = ${userId} and id = ${id}`;
}
