import { silentLog } from "@carillon/kit/log";
import { createApp } from "../src/app.ts";
import { createFakeApi, type FakeApi } from "./fake-api/index.ts";

export const origin = "http://localhost:3000";

export type Answer = { status: number; headers: Headers; text: string; path: string; setCookies: string[] };

type Extra = { headers?: Record<string, string> };

/** web with an api in memory and a clock that stands still, as a browser without scripts sees it. */
export function createWeb(options: { publicUrl?: string; maxPagesPerMinute?: number; now?: string } = {}) {
  let now = new Date(options.now ?? "2026-11-21T13:00:00Z");
  const clock = { now: () => now };
  const api = createFakeApi({ clock });
  let keys = 0;
  const app = createApp({
    fetchApi: api.fetch,
    log: silentLog,
    clock,
    publicUrl: new URL(options.publicUrl ?? origin),
    appToken: "neighbours-only-token",
    maxPagesPerMinute: options.maxPagesPerMinute ?? 0,
    newKey: () => `key-${++keys}`,
  });
  return {
    api,
    app,
    newBrowser: () => createBrowser(app, api),
    setNow: (instant: string) => {
      now = new Date(instant);
    },
  };
}

type App = ReturnType<typeof createWeb>["app"];
export type Browser = ReturnType<typeof createBrowser>;

function createBrowser(app: App, api: FakeApi) {
  const cookies = new Map<string, string>();

  async function send(request: Request): Promise<Answer> {
    if (cookies.size > 0)
      request.headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await app.handle(request);
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) keep(line);
    const { pathname, search } = new URL(request.url);
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      path: pathname + search,
      setCookies,
    };
  }

  function keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const [name = "", ...value] = pair.split("=");
    if (attributes.includes("Max-Age=0")) cookies.delete(name);
    else cookies.set(name, value.join("="));
  }

  const get = (path: string, extra: Extra = {}) => send(new Request(origin + path, { headers: extra.headers ?? {} }));

  const post = (path: string, fields: Record<string, string | string[]> | URLSearchParams, extra: Extra = {}) => {
    const body = fields instanceof URLSearchParams ? fields : new URLSearchParams(pairs(fields));
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      origin,
      "sec-fetch-site": "same-origin",
      ...extra.headers,
    };
    return send(new Request(origin + path, { method: "POST", headers, body: body.toString() }));
  };

  /** A redirect is followed as browsers do: with GET, and with the same headers. */
  const follow = async (answer: Answer, extra: Extra = {}): Promise<Answer> => {
    const location = answer.headers.get("location");
    return location === null ? answer : follow(await get(location, extra), extra);
  };

  /** Sends the first form of a page whose action begins so, with its own hidden and filled-in fields, and goes where it leads. */
  const submit = async (
    page: Answer,
    action: string,
    fields: Record<string, string | string[]> = {},
  ): Promise<Answer> => {
    const form = await formIn(page.text, action);
    const body = new URLSearchParams(form.fields);
    for (const name of Object.keys(fields)) body.delete(name);
    for (const [name, value] of pairs(fields)) body.append(name, value);
    return follow(await post(form.action, body));
  };

  const signUp = async (email = "ada@example.com", fields: Record<string, string> = {}) =>
    follow(
      await post("/sign-up", {
        email,
        password: "correct horse",
        name: "Ada",
        time_zone: "Europe/Brussels",
        ...fields,
      }),
    );

  return { api, cookies, get, post, follow, submit, signUp };
}

const pairs = (fields: Record<string, string | string[]>): [string, string][] =>
  Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));

export type Form = { action: string; fields: [string, string][] };

/** The first form whose action begins with `action`, and what a browser would send of it untouched. */
export async function formIn(text: string, action: string): Promise<Form> {
  const form = (await formsIn(text)).find((candidate) => candidate.action.startsWith(action));
  if (!form) throw new Error(`There is no form to ${action} on this page.`);
  return form;
}

/** All forms of a page with their fields as they stand. */
export async function formsIn(text: string): Promise<Form[]> {
  const forms: Form[] = [];
  let select: string | null = null;
  let area: [string, string] | null = null;
  const fields = () => forms.at(-1)?.fields ?? [];
  const rewriter = new HTMLRewriter()
    .on("form", {
      element: (form) => void forms.push({ action: decode(form.getAttribute("action") ?? ""), fields: [] }),
    })
    .on("form input", {
      element(input) {
        const name = input.getAttribute("name");
        const unticked = /checkbox|radio/.test(input.getAttribute("type") ?? "") && !input.hasAttribute("checked");
        if (name && !unticked) fields().push([name, decode(input.getAttribute("value") ?? "")]);
      },
    })
    .on("form select", {
      element(element) {
        select = element.getAttribute("name");
      },
    })
    .on("form option[selected]", {
      element: (option) => void (select && fields().push([select, decode(option.getAttribute("value") ?? "")])),
    })
    .on("form textarea", {
      element(element) {
        area = [element.getAttribute("name") ?? "", ""];
        fields().push(area);
      },
      text(chunk) {
        if (area) area[1] += chunk.text;
      },
    });
  rewriter.transform(text);
  return forms.map((form) => ({
    ...form,
    fields: form.fields.map(([name, value]) => [name, area?.[0] === name ? decode(value).replace(/^\n/, "") : value]),
  }));
}

/** Text of a page as a person reads it: no tags, entities decoded, blanks collapsed. */
export const wordsOf = (html: string): string =>
  decode(html.replace(/<(script|style|template)[\s\S]*?<\/\1>/g, "").replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ");

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'", "#x27": "'" };

export const decode = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#34|#39|#x27);/g, (_, name: string) => entities[name] ?? "");
