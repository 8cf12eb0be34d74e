import { BlockList } from "node:net";
import { createApp } from "../app.ts";

/** JSON Schema as far as the reference reads it. */
export type Schema = {
  type?: string | string[];
  description?: string;
  format?: string;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
  anyOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
};
export type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema };
type Content = { content?: Record<string, { schema?: Schema }> };
export type Operation = {
  summary?: string;
  description?: string;
  tags?: string[];
  security?: object[];
  parameters?: Parameter[];
  requestBody?: Content;
  responses?: Record<string, Content & { description?: string }>;
};
export type Description = {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
};

const parts = ["sql", "databaseNow", "invoke", "newId", "passwords", "seals", "health"];

/** What `GET /openapi.json` answers, from the routes themselves: nothing is started and no database is asked. */
export async function describeApi(): Promise<Description> {
  // Every part answers as little as the next; the description is made without them.
  const nothing: unknown = new Proxy(() => nothing, {
    get: (_target, name) => (typeof name === "symbol" ? undefined : nothing),
  });
  const silent = () => {};
  const app = createApp({
    ...Object.fromEntries(parts.map((part) => [part, nothing])),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    clock: { now: () => new Date(0) },
    settings: {
      appToken: "of-the-description",
      sessionMinutes: 1,
      ratePerMinute: 0,
      secure: false,
      corsOrigins: [],
      trustedProxies: new BlockList(),
    },
    // The parts above are absent on purpose.
  } as unknown as Parameters<typeof createApp>[0]);
  const answer = await app.handle(new Request("http://localhost/openapi.json"));
  if (!answer.ok) throw new Error(`The API does not describe itself: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Description;
}
