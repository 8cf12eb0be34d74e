import { ConfigError } from "@carillon/kit/config";
import { smoke } from "./smoke.ts";

type Environment = Record<string, string | undefined>;

/**
 * Walks through the product as a user, at SMOKE_URL (from outside, one origin) or at API_URL and
 * WEB_URL (inside a cluster). Returns the exit code 0. @throws Problem naming what did not work.
 */
export async function smokeFrom(env: Environment): Promise<number> {
  const lines = await smoke({
    apiUrl: addressOf(env, "API_URL"),
    webUrl: addressOf(env, "WEB_URL"),
    fetch: (request) => fetch(request),
    sleep: Bun.sleep,
    now: () => new Date(),
    unique: crypto.randomUUID(),
  });
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

function addressOf(env: Environment, name: string): string {
  const address = env.SMOKE_URL ?? env[name];
  if (!address || !URL.canParse(address)) throw new ConfigError(`${name} (or SMOKE_URL) must be an address.`);
  return address;
}
