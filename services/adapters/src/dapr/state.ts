import type { State } from "@carillon/kit/ports";
import { askSidecar, refusalOf, type SidecarAnswer, type ToSidecar, unavailable } from "./sidecar.ts";

export type DaprStateOptions = ToSidecar & {
  /** The state component. */
  store: string;
  timeoutMs?: number;
};

const away = "The state store cannot be reached.";

/**
 * State in the sidecar's state store (Dapr State API v1.0). @throws Problem "unavailable" without a
 * usable answer within 2 s.
 */
export function daprState({ store, timeoutMs = 2_000, ...to }: DaprStateOptions): State {
  const base = `/v1.0/state/${encodeURIComponent(store)}`;

  async function ask(method: string, path: string, accepted: readonly number[], body?: unknown) {
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await askSidecar(to, { method, path: base + path, body: text, timeoutMs, away });
    const isUsable = accepted.includes(answer.status);
    to.note?.("statestore", isUsable);
    if (isUsable) return answer;
    throw unavailable("The state store cannot be used right now.", refusalOf(answer));
  }

  return {
    async get<Value>(key: string) {
      const answer = await ask("GET", `/${encodeURIComponent(key)}`, [200, 204]);
      if (answer.status === 204) return null;
      // What was set under this key has the caller's type: the port's own promise.
      return { value: JSON.parse(answer.text) as Value, etag: etagOf(answer) };
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

const etagOf = ({ headers }: SidecarAnswer): string => headers.get("etag") ?? "";
