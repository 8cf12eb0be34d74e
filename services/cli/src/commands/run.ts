import { exitCodes, Failure, UsageError } from "../exit.ts";
import { createClient } from "../http/client.ts";
import { openStore } from "../kept/store.ts";
import { sayEnded, sendWaiting } from "../queue/send-waiting.ts";
import { printable, printableLine } from "../terminal/printable.ts";
import { createScreen, type Screen } from "../terminal/screen.ts";
import { version } from "../version.ts";
import type { World } from "../world.ts";
import { add } from "./add.ts";
import { done, edit, remove, skip } from "./change-tasks.ts";
import type { Run } from "./command.ts";
import { completions, shells } from "./completions.ts";
import { exportTasks } from "./export.ts";
import { importTasks } from "./import.ts";
import { list } from "./list.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { mcp } from "./mcp.ts";
import { queue } from "./queue.ts";
import { type Given, helpAsked, readArguments } from "./read-arguments.ts";
import { show } from "./show.ts";
import { undo } from "./undo.ts";
import { usage, usageOf } from "./usage.ts";
import { watch } from "./watch.ts";

type Local = { world: World; given: Given; screen: Screen };

/** Commands that need no sign-in, or make one. */
const local: Record<string, (run: Local) => Promise<void>> = {
  login,
  logout,
  mcp,
  completions: async ({ world, given }) =>
    world.out(completions(shells.find((one) => one === given.words[0]) ?? "bash")),
};

const signedIn: Record<string, (run: Run) => Promise<void>> = {
  add,
  list,
  show,
  done,
  edit,
  skip,
  delete: remove,
  undo,
  watch,
  export: exportTasks,
  import: importTasks,
  queue,
};

/** One command line; the result is the exit code. */
export async function run(line: readonly string[], world: World): Promise<number> {
  try {
    if (line.length === 1 && (line[0] === "--version" || line[0] === "-V")) await world.out(`carillon ${version}\n`);
    else await runGiven(readArguments(line), world);
    return exitCodes.ok.code;
  } catch (error) {
    return fail(error, world, line.includes("--json"));
  }
}

async function runGiven(given: Given | null, world: World): Promise<void> {
  if (given === null) return world.out(usage());
  if (given.flags.has(helpAsked)) return world.out(usageOf(given.command));
  const { flags, command } = given;
  const screen = createScreen(world, { json: flags.has("json"), color: !flags.has("no-color") });
  const alone = local[command.name];
  if (alone) return alone({ world, given, screen });
  const client = createClient(world);
  const store = openStore(world);
  try {
    const around: Run = { world, given, screen, client, store };
    if (command.name !== "queue") await sendFirst(around);
    await signedIn[command.name]?.(around);
  } finally {
    store.close();
  }
}

/** What waits goes first; where it cannot, the command itself will say why. */
async function sendFirst(run: Run): Promise<void> {
  try {
    await sendWaiting(run, (write, outcome) => run.screen.note(sayEnded(write, outcome)));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    run.screen.note(`What waits cannot be sent: ${error.message}`);
  }
}

function fail(error: unknown, world: World, json: boolean): number {
  const failure = error instanceof Failure ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const { code } = exitCodes[failure?.exit ?? "failure"];
  if (json) {
    world.err(
      printableLine({ detail: message, exit: code, ...(failure?.problem ? { problem: failure.problem } : {}) }),
    );
    return code;
  }
  const faults = (failure?.problem?.errors ?? []).map(
    ({ pointer, detail, row }) => `${row === undefined ? "" : `row ${row} `}${pointer}: ${detail}`,
  );
  const [only] = faults;
  const isSaid = faults.length === 1 && only?.endsWith(`: ${message}`);
  world.err(printable(`carillon: ${isSaid ? only : message}`));
  if (!isSaid) for (const fault of faults) world.err(printable(`  ${fault}`));
  if (failure instanceof UsageError) world.err("carillon --help shows what there is.");
  return code;
}
