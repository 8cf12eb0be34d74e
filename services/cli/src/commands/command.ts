import type { User } from "@carillon/contracts/http/auth";
import { randomUUIDv7 } from "bun";
import type { Client } from "../http/client.ts";
import type { Store } from "../kept/store.ts";
import { writeNow } from "../queue/send-waiting.ts";
import type { Outcome, Write } from "../queue/write.ts";
import type { Screen } from "../terminal/screen.ts";
import type { World } from "../world.ts";
import type { Given } from "./read-arguments.ts";

/** What a command of a signed-in user works with. */
export type Run = { world: World; given: Given; screen: Screen; client: Client; store: Store };

/** One value of an option that can be given once. */
export const optionOf = ({ given }: Pick<Run, "given">, name: string): string | undefined => given.values[name]?.[0];
export const isGiven = ({ given }: Pick<Run, "given">, name: string): boolean => given.flags.has(name);

type Draft = Pick<Write, "say" | "method" | "path"> & Partial<Pick<Write, "body" | "parse">>;

/** Does the changes now, or keeps them. @throws Failure when one waits, or the first refusal once all were tried. */
export async function change(run: Run, drafts: readonly Draft[]): Promise<(Outcome & { kind: "done" })[]> {
  const at = run.world.now().toISOString();
  const writes = drafts.map(
    (draft): Write => ({ body: null, parse: null, ...draft, id: randomUUIDv7(), at, sentAt: null, before: null }),
  );
  const outcomes = await writeNow(run, writes, run.screen.note);
  const refused = outcomes.flatMap((one) => (one.kind === "refused" ? [one.failure] : []));
  for (const other of refused.slice(1)) run.screen.note(other.message);
  if (refused[0]) throw refused[0];
  return outcomes.filter((one) => one.kind === "done");
}

export const me = async ({ client }: Run): Promise<User> => client.json<User>("/api/auth/me");
