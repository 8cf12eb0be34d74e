/**
 * Whether an answer takes longer for an address with an account than for one without: `bun services/api/bench/unknown-address.ts [tries]`.
 * Exits 1 when two medians differ by more than 5 %.
 */
import { argonPasswords } from "../src/auth/password.ts";
import { print, quantile, startBench } from "./start.ts";

const tries = Number(process.argv[2] ?? 200);
const maxDifference = 0.05;

const bench = await startBench(undefined, { passwords: argonPasswords() });
await bench.signUp();
const known = "person-1@example.com";
const unknown = "nowhere-1@example.com";

const calls = {
  forgot: (email: string) => bench.post("/api/auth/forgot", { email }, "203.0.113.9"),
  "sign-in": (email: string) => bench.post("/api/signin", { email, password: "a wrong password" }, "203.0.113.9"),
};

async function timeOf(work: () => Promise<Response>): Promise<number> {
  const startedAt = performance.now();
  await (await work()).text();
  return performance.now() - startedAt;
}

let isEqual = true;
for (const [name, call] of Object.entries(calls)) {
  const times: Record<string, number[]> = { [known]: [], [unknown]: [] };
  for (let at = -10; at < tries; at++)
    // In turns, and each first as often as the other: a busy machine slows both down alike.
    for (const email of at % 2 === 0 ? [known, unknown] : [unknown, known]) {
      const ms = await timeOf(() => call(email));
      if (at >= 0) times[email]?.push(ms);
    }
  const [one, other] = [quantile(times[known] ?? [], 0.5), quantile(times[unknown] ?? [], 0.5)];
  const difference = Math.abs(one - other) / Math.max(one, other);
  if (difference > maxDifference) isEqual = false;
  const percent = (difference * 100).toFixed(1);
  print(
    `${name}: median ${one.toFixed(2)} ms with an account, ${other.toFixed(2)} ms without (${percent} %), ${tries} each`,
  );
}
await bench.stop();
process.exit(isEqual ? 0 : 1);
