import type { Task, TaskPage } from "@carillon/contracts/http/tasks";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

export type Person = { act(): Promise<void> };

/** A 5xx answer although no fault was injected. */
export class Unexpected extends Error {}

/** Method, path, body. */
type Deed = [string, string, unknown?];

const minuteMs = 60_000;
const maxSignUpTries = 30;
const patterns = ["daily", "weekly", "FREQ=DAILY;COUNT=4", "FREQ=WEEKLY;BYDAY=MO,TH"];

/** Users with accounts, who act at random. */
export async function signUpPeople(world: World, random: Random, count: number): Promise<Person[]> {
  const people: Person[] = [];
  for (let at = 0; at < count; at++) people.push(await signUp(world, random, at));
  return people;
}

/** A caller of `api`: a success's body, null for a refusal. */
const callerOf =
  (api: World["api"]) =>
  async <Answer>(method: string, path: string, body?: unknown, token = ""): Promise<Answer | null> => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const options = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await api.handle(new Request(`http://localhost${path}`, options));
    const text = await response.text();
    // A busy machine, or an injected failure of a statement.
    if (response.status === 503) return null;
    if (response.status >= 500) throw new Unexpected(`${method} ${path}: ${response.status} ${text}`);
    return response.ok && text !== "" ? JSON.parse(text) : null;
  };

async function signUp({ api, time }: World, random: Random, number: number): Promise<Person> {
  const call = callerOf(api);
  const account = {
    email: `person-${number}@example.com`,
    password: "correct horse battery",
    time_zone: "Europe/Berlin",
  };
  let token = "";
  for (let tries = 0; token === ""; tries++) {
    if (tries === maxSignUpTries) throw new Unexpected(`${account.email} got no session`);
    // A stopped clock refills no limit: what refuses this caller once would refuse it each time.
    if (tries > 0) await time.advance(minuteMs);
    const signedUp = await call<{ access_token: string }>("POST", "/api/signup", account);
    // On a busy machine a sign-up may be done and its answer late.
    const signedIn = signedUp ?? (await call<{ access_token: string }>("POST", "/api/signin", account));
    token = signedIn?.access_token ?? "";
  }
  const inMs = (ms: number): string => new Date(time.now().getTime() + ms).toISOString();
  const soon = (): string => inMs(random.between(5_000, 20 * minuteMs));

  const newTask = (): Record<string, unknown> => ({
    title: `Task ${random.below(1_000)}`,
    ...(random.chance(0.5) ? { reminders: [{ at: soon() }] } : {}),
    ...(random.chance(0.4)
      ? { due_date: inMs(random.between(30, 300) * minuteMs), reminders: [{ before: "10m" }] }
      : {}),
    ...(random.chance(0.3) ? { due_date: soon(), recurring_pattern: random.pick(patterns) } : {}),
  });

  async function anyTask(query: string): Promise<Task | null> {
    const page = await call<TaskPage>("GET", `/api/tasks?limit=100${query}`, undefined, token);
    const tasks = page?.data ?? [];
    return tasks.length === 0 ? null : random.pick(tasks);
  }

  let next: Deed[] = [];

  async function change(): Promise<void> {
    const task = await anyTask(random.chance(0.15) ? "&deleted=true" : "");
    if (!task) return;
    const [method, path, body] = random.pick(deedsOf(task, soon, random));
    await call(method, path, body, token);
    next = followUps(task.id, [method, path, body], random);
  }

  return {
    async act() {
      if (!random.chance(0.6)) next = [];
      const [method, path, body] = next.shift() ?? [];
      if (method && path) await call(method, path, body, token);
      else if (random.chance(0.45)) await call("POST", "/api/tasks", newTask(), token);
      else await change();
    },
  };
}

/** What people do with a task. */
function deedsOf(task: Task, soon: () => string, random: Random): Deed[] {
  const at = `/api/tasks/${task.id}`;
  return [
    ["PATCH", `${at}/complete`],
    ["PATCH", `${at}/complete`],
    ["PATCH", `${at}/incomplete`],
    ["PATCH", at, { title: `Renamed ${random.below(1_000)}` }],
    ["PATCH", at, { reminders: [{ at: soon() }, { at: soon() }] }],
    ["PATCH", at, { reminders: [] }],
    ["POST", `${at}/skip`],
    ["POST", `${at}/snooze`, { until: soon() }],
    ["DELETE", at],
    ["POST", `${at}/restore`],
  ];
}

/** What people often do right after a deed: take it back, or think of another time and return to the first. */
function followUps(id: string, [method, path, body]: Deed, random: Random): Deed[] {
  const at = `/api/tasks/${id}`;
  if (method === "DELETE") return [["POST", `${at}/restore`]];
  if (path.endsWith("/complete")) return [["PATCH", `${at}/incomplete`]];
  const another = { minutes: random.between(1, 10) };
  return path.endsWith("/snooze")
    ? [
        ["POST", path, another],
        ["POST", path, body],
      ]
    : [];
}
