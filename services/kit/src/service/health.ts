import { within } from "../loop/deadline.ts";

/** The state of one part in a word: "ok", "away", or what else a reader of `GET /health` should know. */
export type Probe = () => string | Promise<string>;

/** The parts that every service names, and the service's own. A part it has not is "none". */
export type Probes = { database?: Probe; sidecar?: Probe; broker?: Probe } & Readonly<Record<string, Probe>>;

const maxProbeMs = 1_000;

const none: Probe = () => "none";

/** The state of each part, asked side by side; "away" for one that fails or does not answer within a second. */
export async function stateOf(probes: Probes): Promise<Record<string, string>> {
  const parts = Object.entries<Probe>({ database: none, sidecar: none, broker: none, ...probes });
  return Object.fromEntries(
    await Promise.all(parts.map(async ([name, probe]) => [name, await stateWithin(name, probe)] as const)),
  );
}

async function stateWithin(name: string, probe: Probe): Promise<string> {
  try {
    return await within(maxProbeMs, name, Promise.resolve().then(probe));
  } catch {
    return "away";
  }
}
