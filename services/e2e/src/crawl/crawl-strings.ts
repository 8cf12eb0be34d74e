import type { Product } from "../product.ts";
import { webRoutes } from "../routes.ts";
import { ask, type CrawlResult, settle } from "./crawl.ts";
import { type Form, formsIn } from "./forms.ts";
import type { RawRequest } from "./raw-request.ts";
import type { Knowledge } from "./requests.ts";
import { sampleOf, withOddFields, withOddStrings } from "./strings.ts";

type Asked = { service: "web" | "api"; request: RawRequest };
type Origins = Pick<Product, "api" | "web">;

const atOnce = 6;

/**
 * Sends half a character and NUL in each string of each body that `api` describes, of each tool of its MCP server, and of each form
 * that a page of `web` holds. The rest of a body is what the route takes.
 */
export async function crawlStrings(product: Origins): Promise<CrawlResult> {
  const knowledge = await settle(product);
  const asked = [
    ...(await bodiesOfApi(product.api, knowledge)),
    ...(await callsOfTools(product.api, knowledge)),
    ...(await formsOfWeb(product.web, knowledge)),
  ];
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  const workers = Array.from({ length: atOnce }, async (_, worker) => {
    for (let at = worker; at < asked.length; at += atOnce) {
      const one = asked[at];
      if (!one) return;
      const { status, fault } = await ask(product[one.service], one.request);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (fault) faults.push(`${one.service} ${fault}`);
    }
  });
  await Promise.all(workers);
  return { faults, statuses, routes: new Set(asked.map(({ service, request }) => nameOf(service, request))).size };
}

const nameOf = (service: string, { method, path }: RawRequest): string =>
  `${service} ${method} ${path.replace(/\?.*/, "").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ":id")}`;

const json = ({ token }: Knowledge): [string, string][] => [
  ["authorization", `Bearer ${token}`],
  ["content-type", "application/json"],
  ["accept", "application/json, text/event-stream"],
];

type Described = {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: object }> } }>>;
};

async function bodiesOfApi(api: string, knowledge: Knowledge): Promise<Asked[]> {
  const { paths } = (await (await fetch(`${api}/openapi.json`)).json()) as Described;
  const asked: Asked[] = [];
  for (const [path, methods] of Object.entries(paths)) {
    const id = path.startsWith("/api/tags/") ? knowledge.tag : (knowledge.ids[0] ?? "");
    for (const [method, { requestBody }] of Object.entries(methods)) {
      const schema = requestBody?.content["application/json"]?.schema;
      if (!schema) continue;
      const address = { method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, id), headers: json(knowledge) };
      for (const body of withOddStrings(sampleOf(schema, id)))
        asked.push({ service: "api", request: { ...address, body: JSON.stringify(body) } });
    }
  }
  return asked;
}

type Listed = { result: { tools: { name: string; inputSchema: object }[] } };

async function callsOfTools(api: string, knowledge: Knowledge): Promise<Asked[]> {
  const [id = ""] = knowledge.ids;
  const headers = json(knowledge);
  const call = (method: string, params?: object) => ({ jsonrpc: "2.0", id: 1, method, ...(params ? { params } : {}) });
  const response = await fetch(`${api}/mcp`, {
    method: "POST",
    headers: new Headers(headers),
    body: JSON.stringify(call("tools/list")),
  });
  const text = await response.text();
  const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text) as Listed;
  const calls = [
    ...result.tools.map(({ name, inputSchema }) =>
      call("tools/call", { name, arguments: sampleOf(inputSchema, id) as object }),
    ),
    call("resources/read", { uri: "carillon://lists/open" }),
    call("prompts/get", { name: "plan-my-day" }),
    call("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } }),
  ];
  return calls.flatMap((one) =>
    [...withOddStrings(one)].map(
      (body): Asked => ({
        service: "api",
        request: { method: "POST", path: "/mcp", headers, body: JSON.stringify(body) },
      }),
    ),
  );
}

/** The account and its sessions must last until the end. */
const ending = /^\/(sign-out|settings\/(erase|sessions))/;

/** What scripts send, forms that only some states of a page hold, and for forms without fields what they do not read. */
const fieldsOfScripts = (id: string): [string, string][] => [
  ["ids", id],
  ["verb", "complete"],
  ["to", "tomorrow"],
  ["words", "tomorrow"],
  ["time", "09:00"],
  ["for", "10m"],
  ["priority", "high"],
  ["title", "pay rent tomorrow"],
  ["message", "What is overdue?"],
  ["conversation", ""],
  ["proposal", id],
  ["tool", "reopen_task"],
  ["task", id],
  ["back", "/today"],
];

async function formsOfWeb(web: string, { cookie, ids, tag }: Knowledge): Promise<Asked[]> {
  const forms = new Map<string, Form>();
  const pages = webRoutes().filter(
    ({ method, path }) => method === "GET" && !/^\/(stream|ws|settings\/export)/.test(path),
  );
  for (const { path } of pages)
    for (const id of path.includes(":") ? ids : [""])
      for (const headers of [{ cookie }, {}]) {
        const response = await fetch(web + path.replace(/:\w+/g, id), { headers, redirect: "manual" });
        for (const form of await formsIn(await response.text())) {
          const name = nameOf("web", { method: "POST", path: form.action, headers: [], body: null });
          if (form.fields.length > 0 && !ending.test(form.action) && !forms.has(name)) forms.set(name, form);
        }
      }
  const [id = ""] = ids;
  for (const { method, path } of webRoutes()) {
    const action = path.replace(/:\w+/g, path.startsWith("/tags") ? tag : id);
    const name = nameOf("web", { method, path: action, headers: [], body: null });
    if (method === "POST" && !ending.test(path) && !forms.has(name))
      forms.set(name, { action, fields: fieldsOfScripts(id) });
  }
  const headers: [string, string][] = [
    ["cookie", cookie],
    ["sec-fetch-site", "same-origin"],
    ["content-type", "application/x-www-form-urlencoded"],
  ];
  return [...forms.values()].flatMap(({ action, fields }) =>
    [...withOddFields(fields)].map(
      (body): Asked => ({
        service: "web",
        request: { method: "POST", path: action, headers, body },
      }),
    ),
  );
}
