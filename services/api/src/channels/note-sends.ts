import { type SendResult, SendResults } from "@carillon/contracts/http/channels";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { type InternalRoute, Problem } from "@carillon/kit/service";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { removeChannel } from "./delete-channel.ts";
import { freeQueues } from "./queues.ts";
import { type SendEnd, settleSends } from "./settle-sends.ts";

/** `POST /internal/channels/results`: what became of messages that were taken. Told again, it changes nothing. */
export const noteSendsRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/channels/results",
  callers: ["notification"],
  async handle({ request }) {
    requireNoQuery(request);
    await noteSends(deps, await readBody(request, SendResults));
    return toResponse(answer(204));
  },
});

async function noteSends(deps: ApiDeps, { channels, results }: SendResults): Promise<void> {
  for (const [userId, own] of Map.groupBy(results, ({ user_id }) => user_id))
    await change(deps, { userId, actor: "notification" }, (current) => noteOwn(current, own)).catch(nothingOfErased);
  await freeQueues(deps, channels);
}

/** Their owner was erased meanwhile, and with them all of this. */
export function nothingOfErased(error: unknown): void {
  if (!(error instanceof Problem && error.code === "unauthenticated")) throw error;
}

async function noteOwn(current: Change, results: readonly SendResult[]): Promise<void> {
  await postpone(current, results);
  await settleSends(
    current,
    results.flatMap((result) => endOf(result) ?? []),
  );
  const gone = results.flatMap(({ id, outcome }) => (outcome === "gone" ? [id] : []));
  if (gone.length === 0) return;
  const channels = await current.tx<{ channel_id: string }[]>`
    select distinct channel_id from api.channel_sends where user_id = ${current.userId} and id = any(${gone}::uuid[])`;
  for (const { channel_id } of channels) await removeChannel(current, channel_id);
}

function endOf({ id, outcome, status_code: statusCode, detail }: SendResult): SendEnd | null {
  const end = { id, statusCode, detail };
  if (outcome === "sent") return { ...end, state: "sent", reason: null };
  if (outcome === "failed") return { ...end, state: "failed", reason: "provider" };
  return outcome === "gone" ? { ...end, state: "failed", reason: "channel_gone" } : null;
}

/** What is retried, and what was not tried at all. */
async function postpone({ tx, userId, now }: Change, results: readonly SendResult[]): Promise<void> {
  const rows = results.filter(({ outcome }) => outcome === "retry" || outcome === "untried");
  if (rows.length === 0) return;
  await tx`
    update api.channel_sends s set
      next_try_at = ${now}::timestamptz + coalesce(row.delay_ms, 0) * interval '1 millisecond',
      attempts = case row.outcome when 'untried' then greatest(0, s.attempts - 1) else s.attempts end,
      status_code = coalesce(row.status_code, s.status_code), detail = coalesce(row.detail, s.detail)
    from jsonb_to_recordset(${tx.json(rows)}) as row (id uuid, outcome text, delay_ms integer, status_code smallint, detail text)
    where s.user_id = ${userId} and s.id = row.id and s.state = 'pending'`;
}
