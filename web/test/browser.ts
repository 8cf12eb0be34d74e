import { BlockList } from "node:net";
import { silentLog } from "@carillon/kit/observe";
import { createApp } from "../src/app.ts";
import { createFakeApi } from "./fake-api/index.ts";
import { formIn } from "./html.ts";

export const origin = "http://localhost:3000";

export type Answer = { status: number; headers: Headers; text: string; path: string; setCookies: string[] };

type Extra = { headers?: Record<string, string> };

/** web with an api in memory and a stopped clock, as a browser without scripts sees it. */
export function createWeb(
  options: {
    publicUrl?: string;
    maxPagesPerMinute?: number;
    now?: string;
    trustedProxies?: BlockList;
    /** Sees each call of api. */
    watch?: (request: Request, call: (request: Request) => Promise<Response>) => Promise<Response>;
  } = {},
) {
  let now = new Date(options.now ?? "2026-11-21T13:00:00Z");
  const clock = { now: () => now };
  const api = createFakeApi({ clock });
  let keys = 0;
  const app = createApp({
    fetchApi: async (request) => options.watch?.(request, api.fetch) ?? api.fetch(request),
    fetchInternal: api.fetch,
    log: silentLog,
    clock,
    publicUrl: new URL(options.publicUrl ?? origin),
    appToken: "neighbours-only-token",
    trustedProxies: options.trustedProxies ?? new BlockList(),
    maxPagesPerMinute: options.maxPagesPerMinute ?? 0,
    newKey: () => `key-${++keys}`,
  });
  return {
    api,
    app,
    newBrowser: () => new Browser(app),
    setNow: (instant: string) => {
      now = new Date(instant);
    },
  };
}

type App = ReturnType<typeof createWeb>["app"];
type Fields = Record<string, string | string[]>;

/** A browser without scripts: keeps cookies, sends forms, follows redirects. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  get(path: string, { headers = {} }: Extra = {}): Promise<Answer> {
    return this.#send(new Request(origin + path, { headers }));
  }

  post(path: string, fields: Fields | URLSearchParams, { headers = {} }: Extra = {}): Promise<Answer> {
    const body = fields instanceof URLSearchParams ? fields : new URLSearchParams(pairs(fields));
    const ours = { "content-type": "application/x-www-form-urlencoded", origin, "sec-fetch-site": "same-origin" };
    const request = { method: "POST", headers: { ...ours, ...headers }, body: body.toString() };
    // The part behind # stays with the browser.
    return this.#send(new Request(origin + path.replace(/#.*$/, ""), request));
  }

  /** A redirect is followed as browsers do: with GET, and with the same headers. */
  async follow(answer: Answer, extra: Extra = {}): Promise<Answer> {
    // The part behind # stays with the browser.
    const location = answer.headers.get("location")?.replace(/#.*$/, "") ?? null;
    return location === null ? answer : this.follow(await this.get(location, extra), extra);
  }

  /** Sends the first form whose action starts like this, with `fields` replacing its own, and follows the redirect. */
  async submit(page: Answer, action: string, fields: Fields = {}): Promise<Answer> {
    const form = await formIn(page.text, action);
    const body = new URLSearchParams(form.fields);
    for (const name of Object.keys(fields)) body.delete(name);
    for (const [name, value] of pairs(fields)) body.append(name, value);
    return this.follow(await this.post(form.action, body));
  }

  /** The same by the form's other button, which sends it elsewhere. */
  async submitElsewhere(page: Answer, action: string, fields: Fields = {}): Promise<Answer> {
    const form = await formIn(page.text, action);
    const body = new URLSearchParams(form.fields.filter(([name]) => !(name in fields)));
    for (const [name, value] of pairs(fields)) body.append(name, value);
    return this.follow(await this.post(form.formactions[0] ?? "", body));
  }

  async signUp(email = "ada@example.com", fields: Record<string, string> = {}): Promise<Answer> {
    const account = { email, password: "correct horse", name: "Ada", time_zone: "Europe/Brussels" };
    return this.follow(await this.post("/sign-up", { ...account, ...fields }));
  }

  async #send(request: Request): Promise<Answer> {
    const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`);
    if (cookies.length > 0) request.headers.set("cookie", cookies.join("; "));
    const { status, headers, ...response } = await answered(this.#app.handle(request));
    const setCookies = headers.getSetCookie();
    for (const line of setCookies) this.#keep(line);
    const { pathname, search } = new URL(request.url);
    return { status, headers, text: response.text, path: pathname + search, setCookies };
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const [name = "", ...value] = pair.split("=");
    if (attributes.includes("Max-Age=0")) this.cookies.delete(name);
    else this.cookies.set(name, value.join("="));
  }
}

async function answered(pending: Response | Promise<Response>) {
  const response = await pending;
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const pairs = (fields: Record<string, string | string[]>): [string, string][] =>
  Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
