import { StateConcurrencyEnum } from "@dapr/dapr/enum/StateConcurrency.enum";
import { StateConsistencyEnum } from "@dapr/dapr/enum/StateConsistency.enum";
import type { State } from "../../ports.ts";
import { askThrough, StateStore } from "./sdk.ts";
import { refusalOf, type SidecarAnswer, type ToSidecar, unavailable } from "./sidecar.ts";

export type DaprStateOptions = ToSidecar & {
  /** The state component. */
  store: string;
  timeoutMs?: number;
};

const away = "The state store cannot be reached.";

/** Written only over the etag that was read. */
const firstWrite = {
  concurrency: StateConcurrencyEnum.CONCURRENCY_FIRST_WRITE,
  consistency: StateConsistencyEnum.CONSISTENCY_UNSPECIFIED,
};

type Ask = (block: InstanceType<typeof StateStore>, store: string) => Promise<unknown>;

/** State in the sidecar's state store (Dapr State API v1.0). @throws Problem "unavailable" without a usable answer within 2 s. */
export function daprState({ store, timeoutMs = 2_000, ...to }: DaprStateOptions): State {
  async function ask(accepted: readonly number[], by: Ask): Promise<SidecarAnswer> {
    const limits = { timeoutMs, away };
    const answer = await askThrough(to, limits, async (client) =>
      by(new StateStore(client), encodeURIComponent(store)),
    );
    const isUsable = accepted.includes(answer.status);
    to.note?.("statestore", isUsable);
    if (isUsable) return answer;
    throw unavailable("The state store cannot be used just now.", refusalOf(answer));
  }

  return {
    async get<Value>(key: string) {
      const answer = await ask([200, 204], async (block, name) => block.get(name, encodeURIComponent(key)));
      if (answer.status === 204) return null;
      // What was set under this key is what the caller asks for: the port's own promise.
      return { value: JSON.parse(answer.text) as Value, etag: etagOf(answer) };
    },

    async set(key, value, { etag, ttlSeconds } = {}) {
      const entry = {
        key,
        value,
        ...(etag === undefined ? {} : { etag, options: firstWrite }),
        ...(ttlSeconds === undefined ? {} : { metadata: { ttlInSeconds: String(ttlSeconds) } }),
      };
      const answer = await ask([204, 409], async (block, name) => block.save(name, [entry]));
      return answer.status === 204;
    },

    async delete(key) {
      await ask([204], async (block, name) => block.delete(name, encodeURIComponent(key)));
    },
  };
}

const etagOf = ({ headers }: SidecarAnswer): string => headers.get("etag") ?? "";
