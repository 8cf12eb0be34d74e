import { expect } from "bun:test";
import type { Tag } from "@carillon/contracts/http/tags";
import type { Task } from "@carillon/contracts/http/tasks";
import type { Answered, Harness, Person } from "./harness.ts";

type Headers = Record<string, string>;
type Fields = Record<string, unknown>;

/** A user's client: calls as them, and expects creations to succeed. */
export function clientOf(api: Harness, { token }: Person) {
  const call = (method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answered> =>
    api.call(method, path, { token, body, headers });
  const client = {
    call,
    /** A call without a check against the description, for defects of ours. */
    async callBroken(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Response> {
      const all = { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return api.app.handle(new Request(`http://localhost${path}`, { method, headers: all, ...sent }));
    },
    get: (path: string, headers?: Headers) => call("GET", path, undefined, headers),
    post: (path: string, body?: unknown, headers?: Headers) => call("POST", path, body, headers),
    put: (path: string, body?: unknown, headers?: Headers) => call("PUT", path, body, headers),
    patch: (path: string, body?: unknown, headers?: Headers) => call("PATCH", path, body, headers),
    delete: (path: string, headers?: Headers) => call("DELETE", path, undefined, headers),
    async make(fields: Fields = {}): Promise<Task> {
      const { status, body } = await client.post("/api/tasks", { title: "Old task", ...fields });
      expect({ status, errors: body.errors }).toEqual({ status: 201, errors: undefined });
      return body;
    },
    async makeTag(name: string, fields: Fields = {}): Promise<Tag> {
      const { status, body } = await client.post("/api/tags", { name, ...fields });
      expect(status).toBe(201);
      return body;
    },
    /** The tasks of one page. */
    async list(query = ""): Promise<Task[]> {
      const { status, body } = await client.get(`/api/tasks${query}`);
      expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
      return body.data;
    },
    titles: async (query = ""): Promise<string[]> => (await client.list(query)).map((task) => task.title),
    /** The tasks of all pages. */
    async listAll(query = "?"): Promise<Task[]> {
      const found: Task[] = [];
      for (let cursor = ""; ; ) {
        const { status, body } = await client.get(`/api/tasks${query}${cursor}`);
        expect(status).toBe(200);
        found.push(...body.data);
        if (body.next_cursor === null) return found;
        cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
      }
    },
  };
  return client;
}

export type Client = ReturnType<typeof clientOf>;

/** What tests usually check of an answer: its status, and the pointers. */
export const verdict = ({ status, body }: Answered): string =>
  [status, ...(body?.errors ?? []).map(({ pointer }: { pointer: string }) => pointer)].join(" ");
