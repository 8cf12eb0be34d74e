import { appTokenHeader } from "@carillon/contracts/names";
import type { Client } from "../client.ts";
import { type Answered, appToken, type Harness, type Person } from "../harness.ts";

/** The ids of a person who has something of everything. */
export type Ids = Record<
  | "plain"
  | "series"
  | "done"
  | "next"
  | "gone"
  | "tag"
  | "token"
  | "feed"
  | "reminder"
  | "session"
  | "proposal"
  | "conversation"
  | "asked"
  | "batch"
  | "batchOfTags"
  | "tagMade"
  | "tagRenamed"
  | "tagGone",
  string
>;

/** Who asks, for what, and how. */
export type Asking = { as: Client; api: Harness; person: Person; ids: Ids };

/** One call of a route that reaches its statements, with the status it has for the owner. */
export type Case = {
  status: number;
  call: (asking: Asking) => Promise<Answered>;
  /** The other has no reminders: an id alone must say whose this one is. */
  ownReminders?: boolean;
  /** Where the other may stand; by default both. */
  worlds?: readonly ("first" | "second")[];
};

export const call =
  (method: string, path: (ids: Ids) => string, body?: (asking: Asking) => unknown, headers?: Record<string, string>) =>
  (asking: Asking): Promise<Answered> =>
    asking.as.call(method, path(asking.ids), body?.(asking), headers);

export const neighbour =
  (method: string, path: (asking: Asking) => string, body?: (asking: Asking) => unknown) =>
  async (asking: Asking): Promise<Answered> =>
    asking.api.call(method, path(asking), { body: body?.(asking), headers: { [appTokenHeader]: appToken } });

export const title = () => ({ title: "mine now", tags: ["private", "fresh"] });
export const task = (
  method: string,
  suffix = "",
  body?: () => unknown,
  status = 200,
  of: keyof Ids = "plain",
): Case => ({
  status,
  call: call(method, (ids) => `/api/tasks/${ids[of]}${suffix}`, body),
});
export const get = (path: string): Case => ({ status: 200, call: call("GET", () => path) });

/** The second page of a list, by its own cursor. */
export const secondPage = (path: string): Case => ({
  status: 200,
  call: async ({ as }) => {
    const { body } = await as.get(`${path}limit=1`);
    return as.get(`${path}limit=1&cursor=${encodeURIComponent(body.next_cursor ?? "")}`);
  },
});

export const key = { "idempotency-key": "twice" };
export const keyed = () => ({ title: "Keyed" });

/** One call of a tool, as a program of the person makes it. */
export const tool =
  (name: string, input: (ids: Ids) => Record<string, unknown> = () => ({})) =>
  ({ as, ids }: Asking): Promise<Answered> => {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "matrix", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const params = { name, arguments: input(ids), _meta: meta };
    const headers = {
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": name,
    };
    return as.call("POST", "/mcp", { jsonrpc: "2.0", id: 1, method: "tools/call", params }, headers);
  };
