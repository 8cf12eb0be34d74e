import type { State } from "../../ports.ts";
import { Problem } from "../../problem.ts";

export type DaprStateOptions = {
  /** Where the sidecar listens, without a path. */
  sidecar: URL;
  store: string;
  /** `DAPR_API_TOKEN`; empty: the sidecar asks for none. */
  daprToken: string;
  fetch: (request: Request) => Promise<Response>;
};

const timeoutMs = 2_000;

/** State in the sidecar's state store (Dapr State API v1.0). @throws Problem "unavailable" without a usable answer within 2 s. */
export function daprState({ sidecar, store, daprToken, fetch }: DaprStateOptions): State {
  const base = `/v1.0/state/${encodeURIComponent(store)}`;

  async function ask(method: string, path: string, accepted: readonly number[], body?: unknown): Promise<Response> {
    const headers = { "content-type": "application/json", ...(daprToken ? { "dapr-api-token": daprToken } : {}) };
    const init = {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const answer = await fetch(new Request(new URL(base + path, sidecar), init)).catch((cause: unknown) => {
      throw new Problem("unavailable", "The state store cannot be reached.", { cause });
    });
    if (accepted.includes(answer.status)) return answer;
    const cause = new Error(`the sidecar answered ${answer.status}`);
    throw new Problem("unavailable", "The state store cannot be used just now.", { cause });
  }

  return {
    async get<Value>(key: string) {
      const answer = await ask("GET", `/${encodeURIComponent(key)}`, [200, 204]);
      if (answer.status === 204) return null;
      // What was set under this key is what the caller asks for: the port's own promise.
      return { value: (await answer.json()) as Value, etag: answer.headers.get("etag") ?? "" };
    },

    async set(key, value, { etag, ttlSeconds } = {}) {
      const entry = {
        key,
        value,
        ...(etag === undefined ? {} : { etag, options: { concurrency: "first-write" } }),
        ...(ttlSeconds === undefined ? {} : { metadata: { ttlInSeconds: String(ttlSeconds) } }),
      };
      const answer = await ask("POST", "", [204, 409], [entry]);
      return answer.status === 204;
    },

    async delete(key) {
      await ask("DELETE", `/${encodeURIComponent(key)}`, [204]);
    },
  };
}
