import type { Sql } from "@carillon/kit/database";
import type { JSONValue } from "postgres";

export type Row = Record<string, JSONValue>;
/** Everything one user owns: the rows of each table, as JSON. */
export type Rows = Record<string, Row[]>;

const tables = [
  "users",
  "tags",
  "tasks",
  "reminders",
  "reminder_attempts",
  "tombstones",
  "sessions",
  "tokens",
  "letters",
  "totp",
  "recovery_codes",
  "challenges",
  "feeds",
  "channels",
  "channel_sends",
  "passkeys",
  "passkey_starts",
  "identities",
  "provider_flows",
  "known_clients",
  "idempotency_keys",
  "proposals",
  "conversations",
  "messages",
  "chat_usage",
  "outbox",
] as const;
type Table = (typeof tables)[number];

const ownerOf = (table: Table) => (table === "users" ? "id" : "user_id");

export async function rowsOf(sql: Sql, userId: string): Promise<Rows> {
  const rows: Rows = {};
  for (const table of tables) {
    rows[table] = (
      await sql<{ row: Row }[]>`
        select to_jsonb(t) as row from api.${sql(table)} t where ${sql(ownerOf(table))} = ${userId} order by to_jsonb(t)::text`
    ).map(({ row }) => row);
  }
  return rows;
}

const eventOf = ({ change_seq }: Row): string => `018f0000-0000-7000-8000-${String(change_seq).padStart(12, "0")}`;

/** An event of the other user, missing for the caller. */
export const othersEvent = eventOf({ change_seq: 3 });

/** That of an address which the caller's channels do not have. */
let othersRecipient = "";
export const setOthersRecipient = (hex: string): void => {
  othersRecipient = `\\x${hex}`;
};

/** Values that differ between the two wherever they may, so that reading or writing the other's row shows. */
const others: Partial<Record<Table, (row: Row) => Row>> = {
  tasks: (row) => ({
    ...row,
    title: `${row.title} (other)`,
    description: "other",
    priority: 3,
    version: Number(row.version) + 5,
    change_seq: Number(row.change_seq) + 1_000,
  }),
  tags: (row) => ({
    ...row,
    color: "#0badf0",
    version: Number(row.version) + 5,
    change_seq: Number(row.change_seq) + 1_000,
  }),
  reminders: (row) => ({ ...row, before: row.before === null ? null : "3h", position: Number(row.position) + 3 }),
  reminder_attempts: (row) => ({ ...row, attempts: Number(row.attempts) + 7 }),
  tombstones: (row) => ({ ...row, change_seq: Number(row.change_seq) + 1_000 }),
  tokens: (row) => ({ ...row, name: "other" }),
  // Asked for at the other's sign-in, and at the caller's not.
  totp: (row) => ({ ...row, confirmed_at: row.created_at ?? null }),
  passkeys: (row) => ({ ...row, name: "other", public_key: "\\x00" }),
  identities: (row) => ({ ...row, email: "other@example.com" }),
  challenges: (row) => ({ ...row, expires_at: "2025-11-24T09:07:00Z" }),
  feeds: (row) => ({ ...row, kind: "event" }),
  channels: (row) => ({ ...row, name: "other", recipient: othersRecipient }),
  channel_sends: (row) => ({
    ...row,
    attempts: Number(row.attempts) + 7,
    state: row.about === "reminder" ? "sent" : "pending",
    next_try_at: "2025-11-23T00:00:00Z",
  }),
  idempotency_keys: (row) => ({ ...row, status: 299, request_hash: "\\x00" }),
  // A yes holds for the user that said it.
  proposals: (row) => ({ ...row, used_at: row.expires_at ?? null, tool: "complete_task" }),
  conversations: (row) => ({ ...row, title: "other", updated_at: "2025-11-23T00:00:00Z" }),
  messages: (row) => ({ ...row, content: "other" }),
  chat_usage: (row) => ({ ...row, tokens: 200_000 }),
  outbox: (row) => ({ ...row, type: "task.deleted", event_id: eventOf(row) }),
};

/** Unique over all users, so it cannot be the same. */
const unique: Partial<Record<Table, (row: Row) => Row>> = {
  feeds: (row) => ({ ...row, secret_hash: `\\x${crypto.getRandomValues(new Uint8Array(32)).toHex()}` }),
  tokens: (row) => ({ ...row, token_hash: `\\x${crypto.getRandomValues(new Uint8Array(32)).toHex()}` }),
  identities: (row) => ({ ...row, subject: crypto.randomUUID() }),
  provider_flows: (row) => ({ ...row, flow_hash: `\\x${crypto.getRandomValues(new Uint8Array(32)).toHex()}` }),
  outbox: (row) => ({ ...row, id: Math.floor(Math.random() * 2 ** 40) }),
};

/** Gives a user rows with the very ids of another's: only the owner in a statement's condition distinguishes them. */
export async function giveTwins(
  sql: Sql,
  userId: string,
  rows: Rows,
  { asOther }: { asOther: boolean },
): Promise<void> {
  await sql.begin(async (tx) => {
    // The rows are already consistent: triggers and keys have nothing to add.
    await tx`set local session_replication_role = replica`;
    const { change_seq, live_tasks, tag_count, history_events, event_hooks } = rows.users?.[0] ?? {};
    const more = asOther ? 3 : 0;
    await tx`update api.users set change_seq = ${Number(change_seq)}, live_tasks = ${Number(live_tasks) + more},
      tag_count = ${Number(tag_count) + more}, history_events = ${Number(history_events) + more},
      event_hooks = ${Number(event_hooks)},
      email_verified_at = case when ${asOther} then created_at end where id = ${userId}`;
    for (const table of tables.filter((one) => one !== "users")) {
      const given = (rows[table] ?? []).map((row) => twinOf(table, userId, row, asOther));
      if (given.length > 0)
        await tx`
          insert into api.${tx(table)} overriding system value
          select * from jsonb_populate_recordset(null::api.${tx(table)}, ${tx.json(given)}) on conflict do nothing`;
    }
  });
}

function twinOf(table: Table, userId: string, given: Row, asOther: boolean): Row {
  const changed = asOther ? (others[table]?.(given) ?? given) : given;
  const own: Row = { ...(unique[table]?.(changed) ?? changed), user_id: userId };
  // Mail's channel has its user's id.
  return table === "channel_sends" && own.kind === "email" ? { ...own, channel_id: userId } : own;
}

/** Removes all users and everything they own. */
export async function clear(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const table of tables) await tx`delete from api.${tx(table)}`;
  });
}

/** Created for each run. */
const random: Partial<Record<Table, readonly string[]>> = {
  users: ["email", "email_key", "password_hash"],
  tokens: ["token_hash"],
  feeds: ["secret_hash"],
  channels: ["sealed"],
  idempotency_keys: ["body"],
  outbox: ["id", "xid", "event_id", "created_at", "published_at", "event", "slot"],
  known_clients: ["client"],
  letters: ["email"],
  totp: ["sealed_secret"],
  passkey_starts: ["challenge"],
  passkeys: ["credential_id", "public_key"],
  recovery_codes: ["code_hash"],
  identities: ["subject"],
  provider_flows: ["flow_hash"],
};

/**
 * A user's rows, comparable with those of the same user in another run: their id, and ids created
 * meanwhile, are replaced.
 */
export function comparable(rows: Rows, userId: string, known: ReadonlySet<string>): string {
  const named = Object.entries(rows).map(([table, of]) => [
    table,
    of
      .map((row) => JSON.stringify(row, (name, value) => (random[table as Table]?.includes(name) ? undefined : value)))
      .map((text) => rename(text, userId, known))
      .sort(),
  ]);
  return JSON.stringify(Object.fromEntries(named), null, 1);
}

export const rename = (text: string, userId: string, known: ReadonlySet<string>): string =>
  text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) =>
    id === userId ? "ME" : known.has(id) ? id : "NEW",
  );
