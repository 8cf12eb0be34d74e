import { occurrenceId } from "@carillon/calendar/recurrence";
import { type Model, ModelFailure } from "../../src/assistant/chat/model/model.ts";
import { recipientOf } from "../../src/channels/channel-row.ts";
import type { ApiDeps } from "../../src/deps.ts";
import { clientOf } from "../client.ts";
import { type Answered, type Harness, type Person, sessionOf, startApi } from "../harness.ts";
import type { Case, Ids } from "./calls.ts";
import { targets } from "./channel-cases.ts";
import { codeIsSubject } from "./identity-cases.ts";
import { settle } from "./settle.ts";
import {
  clear,
  comparable,
  giveTwins,
  othersEvent,
  type Row,
  type Rows,
  rename,
  rowsOf,
  setOthersRecipient,
} from "./twins.ts";

/** The caller is alone; or another user has the very same ids, with rows inserted after or before the caller's. */
export type World = "alone" | "first" | "second";
export const bothWorlds = ["first", "second"] as const;

/** The result of a call: for the caller (`answer`, `own`), and for the other user (`before`, `after`). */
export type Outcome = { status: number; answer: string; own: string; before: string; after: string };

export type Matrix = {
  api: Harness;
  ids: Ids;
  rows: Rows;
  ask(one: Case, world: World): Promise<Outcome>;
};

/** A model that answers a greeting, and the words said before it; everything else is left to plain commands. */
const greeter: Model = async ({ messages }) => {
  const [first, last] = [messages[1], messages.at(-1)];
  if (last?.content !== "hello") throw new ModelFailure("none of my business");
  return { text: `Hello after ${first?.content}`, calls: [], tokens: 5 };
};

type Wrap = (sql: ApiDeps["sql"]) => ApiDeps["sql"];
type Settings = Partial<ApiDeps["settings"]>;

const beginning = Date.parse("2025-11-24T09:00:00.000Z");

/** A clock that stands still until it is moved. */
function clockFrom(startMs: number) {
  let nowMs = startMs;
  return {
    now: () => new Date(nowMs),
    advance(ms: number) {
      nowMs += ms;
    },
    reset() {
      nowMs = startMs;
    },
  };
}

/** api with a clock in the past, and rows that any user can be given. `wrap`: changes what api sends to its database. */
export async function openMatrix(wrap: Wrap = (sql) => sql, settings: Settings = {}): Promise<Matrix> {
  const clock = clockFrom(beginning);
  let asked: string[] = [];
  const started = await startApi({ sessionMinutes: 525_600, ...settings }, (deps) => ({
    ...deps,
    clock,
    databaseNow: async () => clock.now(),
    sql: wrap(deps.sql),
    provider: codeIsSubject,
    chat: { model: greeter, maxCalls: 8, maxSeconds: 60, dailyTokens: 200_000 },
  }));
  const api: Harness = { ...started, clock };
  api.onInvoke(async (_service, request) => {
    asked.push(new URL(request.url).search + (await request.text()));
    return answerOfAudit(new URL(request.url).pathname);
  });
  setOthersRecipient(recipientOf(api.deps, targets.others).toString("hex"));
  const origin = await api.signUp();
  const ids = await settle(api, origin);
  const rows = await rowsOf(api.sql, origin.user.id);
  const others = { ...rows, tasks: [...(rows.tasks ?? []), ...successorOf(rows.tasks ?? [], ids)] };
  const known = new Set(JSON.stringify([rows, ids]).match(/[0-9a-f]{8}-[0-9a-f-]{27}/g));

  async function ask(one: Case, world: World): Promise<Outcome> {
    await clear(api.sql);
    clock.reset();
    asked = [];
    const signUpOther = () => api.signUp({ time_zone: "America/New_York" });
    // Rows inserted first come first in every index.
    const earlier = world === "second" ? await signUpOther() : null;
    const me = await api.signUp({ time_zone: "Europe/Berlin" });
    const other = world === "first" ? await signUpOther() : earlier;
    const giveOther = async () => {
      const given = one.ownReminders ? withoutReminders(others) : others;
      if (other) await giveTwins(api.sql, other.user.id, given, { asOther: true });
    };
    if (world === "second") await giveOther();
    await giveTwins(api.sql, me.user.id, rows, { asOther: false });
    if (world === "first") await giveOther();
    if (other) await twinSession(api, me, other);
    // The caller's row is behind the other's.
    if (world === "second")
      await api.sql`update api.sessions set expires_at = expires_at where user_id = ${me.user.id}`;
    const othersRows = async () => (other ? JSON.stringify(await rowsOf(api.sql, other.user.id)) : "");
    const before = await othersRows();
    const answered = await one.call({ as: clientOf(api, me), api, person: me, ids });
    const own = comparable(await rowsOf(api.sql, me.user.id), me.user.id, known);
    return {
      status: answered.status,
      answer: said(answered, asked, me, known),
      own,
      before,
      after: await othersRows(),
    };
  }

  return { api, ids, rows, ask };
}

/** The other's series has already advanced. */
const successorOf = (tasks: readonly Row[], { next, series }: Ids): Row[] =>
  tasks.filter(({ id }) => id === next).map((row) => ({ ...row, id: occurrenceId(series), parent_task_id: series }));

/** Alarms and reports identify a reminder by its id alone, so the other user has none. */
const withoutReminders = ({ reminders: _, reminder_attempts: __, ...rest }: Rows): Rows => rest;

function answerOfAudit(path: string): Response {
  if (path.endsWith("/verify")) return Response.json({ ok: true, checked: 0, first_broken: null, reason: null });
  if (path.endsWith("/compare"))
    return Response.json({ entries: 0, missing: [], foreign: [othersEvent], is_erased: false });
  return Response.json({ data: [], next_cursor: null });
}

/** The other's session has the very id of the caller's. */
async function twinSession({ sql }: Harness, me: Person, other: Person): Promise<void> {
  const [mine, theirs] = [sessionOf(me.token), sessionOf(other.token)];
  await sql`update api.sessions set id = ${mine} where user_id = ${other.user.id} and id = ${theirs}`;
}

const random = [
  "trace_id",
  "token",
  "access_token",
  "device",
  "next_cursor",
  "unsubscribe_token",
  "email",
  "exported_at",
  "path",
  "challenge",
  "secret",
  "uri",
  "recovery_codes",
];

function said({ body, headers }: Answered, asked: string[], me: Person, known: ReadonlySet<string>): string {
  const all = { body, etag: headers.get("etag"), asked };
  const text = JSON.stringify(all, (name, value) => (random.includes(name) ? undefined : value));
  // The database's own clock.
  return rename(text, me.user.id, known).replace(/"since\\":\\"[^"]+"/, "");
}
