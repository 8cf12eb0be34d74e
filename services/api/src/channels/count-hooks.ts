import type { Change } from "../change/change.ts";

/** A change looks for webhooks only where there are some. */
export const countHooks = async (tx: Change["tx"], userId: string): Promise<void> =>
  void (await tx`
    update api.users set event_hooks = (
      select count(*) from api.channels where user_id = ${userId} and exists (select from unnest(events) e where e <> 'reminder.due'))
    where id = ${userId}`);
