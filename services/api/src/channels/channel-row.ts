import type { Channel, ChannelAddress, PushKeys } from "@carillon/contracts/http/channels";
import type { Row } from "@carillon/kit/database";
import { notFound } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import type { channels } from "../schema/channels.ts";

export type ChannelRow = Pick<
  Row<typeof channels>,
  "user_id" | "id" | "kind" | "name" | "sealed" | "events" | "created_at"
>;

/** What is encrypted in a channel's row. `secrets` are a webhook's, the newest first; the second one is over at `previousUntil`. */
export type Sealed = {
  target: string;
  token?: string;
  keys?: PushKeys;
  secrets?: string[];
  previousUntil?: string;
};

export const sealOf = ({ seals }: Pick<ApiDeps, "seals">, userId: string, sealed: Sealed): Buffer =>
  Buffer.from(seals.sealChannel(userId, JSON.stringify(sealed)));

/** What was sealed in the row; null when `JWT_SECRET` is another one now. */
export function openRow({ seals }: Pick<ApiDeps, "seals">, row: Pick<ChannelRow, "user_id" | "sealed">): Sealed | null {
  const plain = seals.openChannel(row.user_id, row.sealed);
  // Sound: only `sealOf` can have produced this text.
  return plain === null ? null : (JSON.parse(plain) as Sealed);
}

/** Stands for a target, equal for equal ones. */
export const recipientOf = ({ seals }: Pick<ApiDeps, "seals">, target: string): Buffer =>
  Buffer.from(seals.digest(`channel ${target}`));

/** A channel as its owner sees it. A browser's endpoint is a secret; its server's name is enough to recognise it. */
export function toChannel(deps: Pick<ApiDeps, "seals">, row: ChannelRow): Channel {
  const target = openRow(deps, row)?.target ?? "";
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    target: row.kind === "web_push" && target !== "" ? new URL(target).origin : target,
    events: row.events,
    created_at: row.created_at.toISOString(),
  };
}

/** How notification reaches a channel; null when its secrets cannot be read any more. */
export function addressOf(deps: Pick<ApiDeps, "seals">, row: ChannelRow, now: Date): ChannelAddress | null {
  const sealed = openRow(deps, row);
  if (!sealed) return null;
  const { target, token = null, keys = null, secrets = [], previousUntil } = sealed;
  const isPreviousOver = previousUntil === undefined || new Date(previousUntil) <= now;
  return { id: row.id, kind: row.kind, target, token, keys, secrets: isPreviousOver ? secrets.slice(0, 1) : secrets };
}

/** @throws Problem 404. */
export async function requireChannel({ sql }: Pick<ApiDeps, "sql">, userId: string, id: string): Promise<ChannelRow> {
  const [row] = await sql<ChannelRow[]>`
    select user_id, id, kind, name, sealed, events, created_at from api.channels where user_id = ${userId} and id = ${id}`;
  if (!row) throw notFound();
  return row;
}
