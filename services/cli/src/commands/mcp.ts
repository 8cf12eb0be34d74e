import { findAccount } from "../account/find-account.ts";
import { renew } from "../http/client.ts";
import { forwardLines } from "../mcp/forward.ts";
import { linesOf } from "../mcp/lines.ts";
import type { World } from "../world.ts";

/** The product's `/mcp` on standard input and output: every line of standard output is a message of the protocol. */
export async function mcp({ world }: { world: World }): Promise<void> {
  const account = findAccount(world);
  // Renewed at its start, a session's token holds for the day.
  if (account.isSession) await renew(world, account).catch(() => false);
  await forwardLines(linesOf(world.input()), {
    url: new URL("/mcp", account.url),
    token: account.token,
    send: async (url, request) => world.fetch(new Request(url, request)),
    // A closed output ends the program by itself.
    write: (line) => void world.out(`${line}\n`).catch(() => {}),
  });
}
