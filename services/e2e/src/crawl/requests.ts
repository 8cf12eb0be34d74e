import type { Route } from "../routes.ts";
import { hostileHeaders, hostileId, hostileText } from "./hostile.ts";
import type { Random } from "./random.ts";
import type { RawRequest } from "./raw-request.ts";

/** The inputs of a request besides chance: the ids the crawler has seen, and its credential. */
export type Knowledge = { ids: readonly string[]; tag: string; cookie: string; token: string };

/** Names of query parameters and of form fields and JSON members, as the pages and the API use them. */
const names = [
  "after",
  "all_day",
  "at",
  "back",
  "before",
  "color",
  "completed",
  "confirm",
  "current_password",
  "cursor",
  "deleted",
  "description",
  "due_after",
  "due_before",
  "due_date",
  "due_day",
  "due_time",
  "email",
  "ends",
  "ends_at",
  "expires_at",
  "format",
  "id",
  "if",
  "interval",
  "key",
  "limit",
  "minutes",
  "name",
  "new_password",
  "next",
  "notify_by_email",
  "overdue",
  "parent_task_id",
  "password",
  "priority",
  "q",
  "recurrence_anchor",
  "recurring",
  "recurring_pattern",
  "reminder",
  "reminder_at",
  "reminders",
  "repeat",
  "rows",
  "scope",
  "search",
  "shortcuts",
  "sort",
  "state",
  "status",
  "tag",
  "tags",
  "theme",
  "time_zone",
  "title",
  "token",
  "unit",
  "until",
  "user_id",
  "version",
  "was",
  "weekdays",
  "__proto__",
  "constructor",
  "",
] as const;

const otherMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] as const;

/** One request for a route of `web`, as a signed-in user. */
export function webRequest(random: Random, route: Route, { ids, cookie }: Knowledge): RawRequest {
  const headers = new Map([["cookie", cookie], ["sec-fetch-site", "same-origin"], ...hostileHeaders(random)] as const);
  const method = methodOf(random, route);
  const request = { method, path: addressOf(random, route, ids) };
  if (method === "GET" || method === "HEAD") return { ...request, headers: [...headers], body: null };
  if (!headers.has("content-type")) headers.set("content-type", "application/x-www-form-urlencoded");
  return { ...request, headers: [...headers], body: random.chance(0.1) ? garbage(random) : fieldsOf(random, ids) };
}

/** One request for a route of `api`. */
export function apiRequest(random: Random, route: Route, { ids, token }: Knowledge): RawRequest {
  const headers = new Map([["authorization", `Bearer ${token}`], ...hostileHeaders(random)] as const);
  const method = methodOf(random, route);
  const request = { method, path: addressOf(random, route, ids) };
  if (method === "GET" || method === "HEAD") return { ...request, headers: [...headers], body: null };
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  const body = random.chance(0.15) ? garbage(random) : JSON.stringify(memberOf(random, ids, 0));
  return { ...request, headers: [...headers], body };
}

const methodOf = (random: Random, { method }: Route): string =>
  random.chance(0.93) && method !== "WS" ? method : random.pick(otherMethods);

function addressOf(random: Random, { path }: Route, ids: readonly string[]): string {
  const filled = path.replace(/:\w+|\*/g, () => hostileId(random, ids));
  if (random.chance(0.5)) return filled;
  return `${filled}?${fieldsOf(random, ids)}`;
}

/** `a=b&c=d`, percent-encoded, and sometimes with the encoding broken. */
function fieldsOf(random: Random, ids: readonly string[]): string {
  const fields = new URLSearchParams();
  for (let count = random.below(7); count > 0; count--) fields.append(random.pick(names), hostileText(random, ids));
  const text = fields.toString();
  return random.chance(0.05) ? `${text}&%zz=%ff&=&&${random.pick(names)}` : text;
}

/** A JSON value with members the API knows, of types it may not expect. */
function memberOf(random: Random, ids: readonly string[], depth: number): unknown {
  const kind = depth === 0 ? 0 : random.below(8);
  if (kind === 0 || kind === 1) {
    const members: [string, unknown][] = [];
    for (let count = random.below(6); count > 0; count--)
      members.push([random.pick(names), depth > 2 ? null : memberOf(random, ids, depth + 1)]);
    return Object.fromEntries(members);
  }
  if (kind === 2)
    return Array.from({ length: random.below(4) }, () => (depth > 2 ? 1 : memberOf(random, ids, depth + 1)));
  if (kind === 3) return random.pick([0, -1, 1, 1.5, 1e15, 1e308, true, false, null]);
  return hostileText(random, ids);
}

const garbage = (random: Random): string | Uint8Array =>
  random.pick<string | Uint8Array>([
    "",
    "null",
    "[]",
    "1e400",
    '{"title":"half',
    '{"title":"a","title":"b"}',
    '{"__proto__":{"admin":true},"title":"x"}',
    `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    new Uint8Array([0, 1, 2, 3, 255]),
    "--x\r\ncontent-disposition: form-data\r\n\r\n",
    "a=%ff%fe&title=%00&title=%ED%A0%80",
    "x".repeat(200_000),
  ]);
