import type { Channel } from "@carillon/contracts/http/channels";
import type { Db, Tx } from "@carillon/kit/database";

/** Mail is a setting of its user, and its channel has the user's own id. */
export const isMail = (userId: string, channelId: string): boolean => userId === channelId.toLowerCase();

export async function switchMail(tx: Tx, userId: string, on: boolean): Promise<void> {
  await tx`update api.users set notify_by_email = ${on} where id = ${userId}`;
}

export async function mailChannel(db: Db, userId: string): Promise<Channel> {
  const channel = await mailChannelIfOn(db, userId);
  if (!channel) throw new Error("mail was just switched on");
  return channel;
}

/** Null while mail is off. */
export async function mailChannelIfOn(db: Db, userId: string): Promise<Channel | null> {
  const [row] = await db<{ email: string; created_at: Date }[]>`
    select email, created_at from api.users where id = ${userId} and notify_by_email`;
  if (!row) return null;
  const { email, created_at } = row;
  return {
    id: userId,
    kind: "email",
    name: "Mail",
    target: email,
    events: [],
    created_at: created_at.toISOString(),
  };
}
