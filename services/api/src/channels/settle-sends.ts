import type { DeliveryState } from "@carillon/contracts/http/channels";
import type { Change } from "../change/change.ts";
import { endByParts } from "../reminders/index.ts";

/** How one message ended. */
export type SendEnd = {
  id: string;
  state: Exclude<DeliveryState, "pending">;
  reason: string | null;
  statusCode: number | null;
  detail: string | null;
};

/**
 * Ends messages, and with its last part each reminder among them. Under the owner's lock, so that of two parts that end at once
 * the second one sees the first. A message that went out counts, whatever happened meanwhile.
 */
export async function settleSends(current: Change, ends: readonly SendEnd[]): Promise<void> {
  if (ends.length === 0) return;
  const { tx, userId, now } = current;
  const settled = await tx<{ reminder_id: string | null; generation: number | null }[]>`
    update api.channel_sends s set state = row.state, reason = row.reason, status_code = coalesce(row.status_code, s.status_code),
      detail = row.detail, ended_at = ${now}::timestamptz, sent_at = case row.state when 'sent' then ${now}::timestamptz end
    from jsonb_to_recordset(${tx.json(ends.map(rowOf))}) as
      row (id uuid, state text, reason text, status_code smallint, detail text)
    where s.user_id = ${userId} and s.id = row.id and (s.state = 'pending' or row.state = 'sent' and s.state <> 'sent')
    returning s.reminder_id, s.generation`;
  const plans = settled.flatMap(({ reminder_id: id, generation }) => (id && generation ? [{ id, generation }] : []));
  await endByParts(current, plans);
}

const rowOf = ({ id, state, reason, statusCode, detail }: SendEnd) => ({
  id,
  state,
  reason,
  status_code: statusCode,
  detail,
});
