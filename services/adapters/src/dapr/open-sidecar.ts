import { createLoop } from "@carillon/kit/loop";
import { type Log, metrics } from "@carillon/kit/observe";
import type { Probe } from "@carillon/kit/service";
import { askSidecar, type Component, type ToSidecar } from "./sidecar.ts";

export type SidecarConfig = { DAPR_HTTP_PORT: number; DAPR_API_TOKEN: string };

/** The connection to a process's sidecar, watched. Adapters are built on it. */
export type OpenSidecar = ToSidecar & {
  /** For `GET /health`: the sidecar, asked now, and the broker, which only the sidecar reaches. */
  health: { sidecar: Probe; broker: Probe };
  stop(): Promise<void>;
};

const everyMs = 5_000;
const healthMs = 1_000;

/**
 * The sidecar beside this process. Checks it every 5 s, and maintains `dapr_component_health` from
 * that and from what adapters see: an unused component has no figure.
 */
export function openSidecar(
  { DAPR_HTTP_PORT, DAPR_API_TOKEN }: SidecarConfig,
  log: Log,
  fetchFrom: (request: Request) => Promise<Response> = (request) => fetch(request),
): OpenSidecar {
  const note = (component: Component, works: boolean): void =>
    metrics.daprComponentHealth.set({ component }, works ? 1 : 0);
  const to = {
    sidecar: new URL(`http://127.0.0.1:${DAPR_HTTP_PORT}`),
    daprToken: DAPR_API_TOKEN,
    fetch: fetchFrom,
    note,
  };

  async function works(): Promise<boolean> {
    const question = { method: "GET", path: "/v1.0/healthz/outbound", timeoutMs: healthMs, away: "No sidecar." };
    const isUp = await askSidecar(to, question).then(
      ({ ok }) => ok,
      () => false,
    );
    note("sidecar", isUp);
    return isUp;
  }

  const look = async (): Promise<number> => {
    await works();
    return everyMs;
  };
  const loop = createLoop({ name: "watching the sidecar", service: "every", log, work: look });
  loop.start();

  return {
    ...to,
    health: {
      sidecar: async () => ((await works()) ? "ok" : "away"),
      broker: () => "behind the sidecar",
    },
    stop: () => loop.stop(),
  };
}
