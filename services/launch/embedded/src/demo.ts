import type { Door } from "@carillon/adapters/local";
import { dayIn, instantOf } from "@carillon/calendar/zone";
import type { SignedIn } from "@carillon/contracts/http/auth";
import type { NewTask, Task, TaskPage } from "@carillon/contracts/http/tasks";
import { appTokenHeader } from "@carillon/contracts/names";
import { type DemoTask, demoTags, demoWeek } from "./demo-week.ts";

/** The demo's user. The password is public: `--demo` is for a private machine. */
export const demoAccount = { email: "demo@carillon.example", password: "ring-the-bells" };

export type DemoTime = { now: Date; timeZone: string };

/** api's door, and the token that exempts our own calls from the user's rate limit. */
export type DemoDoor = { api: Door; appToken: string };

/** A call to api as the demo's user makes it. */
type Call = (method: string, path: string, body?: unknown) => Promise<Response>;

/**
 * Lines that say how to sign in, once the demo's user and week exist. Everything goes through api's
 * own door as a user's clicks do, with history and events. Existing titles are left alone: a second
 * `--demo` adds nothing.
 */
export async function seedDemo(door: DemoDoor, time: DemoTime): Promise<string[]> {
  try {
    return await seed(door, time);
  } catch (error) {
    // A product without its demo is still the product.
    return [`the demo is not complete, --demo tries again: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function seed(door: DemoDoor, time: DemoTime): Promise<string[]> {
  const token = await enter(callerOf(door), time.timeZone);
  if (token === null) return [`${demoAccount.email} has another password now: nothing was added`];
  const call = callerOf(door, token);
  const known = new Set([...(await titles(call, "")), ...(await titles(call, "deleted=true&"))]);
  for (const [name, color] of Object.entries(demoTags))
    await ask(call("POST", "/api/tags", { name, color }), [201, 409]);
  for (const task of demoWeek) if (!known.has(task.title)) await add(call, task, time);
  return [`sign in as ${demoAccount.email}, password ${demoAccount.password}`];
}

function callerOf({ api, appToken }: DemoDoor, token?: string): Call {
  const credential = token ? { authorization: `Bearer ${token}` } : {};
  const headers = { "content-type": "application/json", [appTokenHeader]: appToken, ...credential };
  return async (method, path, body) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    return api.handle(new Request(`http://localhost${path}`, { method, headers, ...content }));
  };
}

/** A token of the demo's user, who is created if missing; null when the password is another one now. */
async function enter(call: Call, timeZone: string): Promise<string | null> {
  const signUp = await call("POST", "/api/signup", { ...demoAccount, name: "Robin", time_zone: timeZone });
  const answer = signUp.status === 409 ? await call("POST", "/api/signin", demoAccount) : signUp;
  if (answer.status === 401) return null;
  return (await read<SignedIn>(answer, [200, 201])).access_token;
}

async function titles(call: Call, filter: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: TaskPage = await read<TaskPage>(await call("GET", `/api/tasks?${filter}limit=100${after}`), [200]);
    found.push(...page.data.map((task) => task.title));
    cursor = page.next_cursor;
  }
  return found;
}

async function add(call: Call, demo: DemoTask, time: DemoTime): Promise<void> {
  const task = await read<Task>(await call("POST", "/api/tasks", bodyOf(demo, time)), [201]);
  if (demo.isDone) await ask(call("PATCH", `/api/tasks/${task.id}/complete`), [200]);
  if (demo.isTrashed) await ask(call("DELETE", `/api/tasks/${task.id}`), [204]);
}

function bodyOf(demo: DemoTask, time: DemoTime): NewTask {
  const due = demo.day === null ? {} : { due_date: dueOf(demo.day, demo.at, time), all_day: demo.at === undefined };
  return {
    title: demo.title,
    ...due,
    ...(demo.description ? { description: demo.description } : {}),
    ...(demo.priority ? { priority: demo.priority } : {}),
    ...(demo.tags ? { tags: demo.tags } : {}),
    ...(demo.pattern ? { recurring_pattern: demo.pattern } : {}),
    ...(demo.before ? { reminders: demo.before.map((before) => ({ before })) } : {}),
  };
}

/** An instant that many days from today, at that wall time. */
function dueOf(day: number, at = "00:00", { now, timeZone }: DemoTime): string {
  const [hours = 0, minutes = 0] = at.split(":").map(Number);
  const wall = { day: dayIn(now, timeZone) + day, timeMs: (hours * 60 + minutes) * 60_000 };
  return instantOf(wall, timeZone).toISOString();
}

async function ask(answer: Promise<Response>, expected: readonly number[]): Promise<void> {
  await read<unknown>(await answer, expected);
}

/** The answer's body, trusted to follow api's contract; null without one. */
async function read<Body>(answer: Response, expected: readonly number[]): Promise<Body> {
  const text = await answer.text();
  if (!expected.includes(answer.status)) throw new Error(`api answered ${answer.status} ${text}`);
  return JSON.parse(text || "null") as Body;
}
