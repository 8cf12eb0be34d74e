/** What the operator asked for. */
export type Command =
  | { kind: "dlq list" }
  | { kind: "dlq show"; id: string }
  | { kind: "dlq replay"; id: string | "all" }
  | { kind: "dlq drop"; id: string }
  | { kind: "outbox" }
  | { kind: "audit verify"; user: string | "all" };

export type Request = {
  command: Command;
  /** Answer as JSON, for programs. */
  json: boolean;
  /** Say what would change, and change nothing. */
  dryRun: boolean;
};

/** The arguments make no sense; the message says what does. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `bun run ops <command> [--json]

  dlq list                              events that could not be handled, oldest first
  dlq show <id>                         one of them, with its last error; <id> is its number or the event's id
  dlq replay <id> | --all [--dry-run]   hand it to its consumer again, behind what waits for the same user
  dlq drop <id> [--dry-run]             forget it for good
  outbox                                changes not yet on the bus: how many, and how old
  audit verify <user id> | --all        is the history whole? exit 1 when one is not

DATABASE_URL names the database; without it, the product running on DATA_DIR (.data) is asked.
`;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const letterId = /^[1-9]\d{0,17}$/;

/** @throws UsageError for anything but the lines of `usage`. */
export function readArguments(given: readonly string[]): Request {
  const flags = new Set(given.filter((word) => word.startsWith("--")));
  const words = given.filter((word) => !word.startsWith("--"));
  const command = commandOf(words, flags.has("--all"));
  const may = new Set(["--json", ...(isForAll(command) ? ["--all"] : []), ...(changes(command) ? ["--dry-run"] : [])]);
  const unknown = [...flags].find((flag) => !may.has(flag));
  if (unknown !== undefined) throw new UsageError(`${command.kind} takes no ${unknown}.`);
  return { command, json: flags.has("--json"), dryRun: flags.has("--dry-run") };
}

const changes = ({ kind }: Command): boolean => kind === "dlq replay" || kind === "dlq drop";
const isForAll = (command: Command): boolean =>
  (command.kind === "dlq replay" && command.id === "all") ||
  (command.kind === "audit verify" && command.user === "all");

function commandOf([room, verb, target, ...rest]: readonly string[], all: boolean): Command {
  if (rest.length > 0) throw new UsageError(`"${rest[0]}" is one word too many.`);
  if (room === "outbox" && verb === undefined) return { kind: "outbox" };
  const name = `${room ?? ""} ${verb ?? ""}`.trim();
  switch (name) {
    case "dlq list":
      if (target !== undefined) throw new UsageError(`dlq list takes no "${target}".`);
      return { kind: "dlq list" };
    case "dlq show":
      return { kind: "dlq show", id: letter(target) };
    case "dlq drop":
      return { kind: "dlq drop", id: letter(target) };
    case "dlq replay":
      return { kind: "dlq replay", id: oneOrAll(target, all, letter) };
    case "audit verify":
      return { kind: "audit verify", user: oneOrAll(target, all, user) };
    default:
      throw new UsageError(name === "" ? "What shall be done?" : `"${name}" is no command.`);
  }
}

function oneOrAll(target: string | undefined, all: boolean, one: (target: string | undefined) => string): string {
  if (all && target !== undefined) throw new UsageError(`Either "${target}" or --all.`);
  return all ? "all" : one(target);
}

function letter(id: string | undefined): string {
  if (id === undefined) throw new UsageError("Which one? `dlq list` shows the numbers.");
  if (!letterId.test(id) && !uuid.test(id))
    throw new UsageError(`"${id}" is neither a dead letter's number nor an event's id.`);
  return id.toLowerCase();
}

function user(id: string | undefined): string {
  if (id === undefined) throw new UsageError("Whose history? Give a user's id, or --all.");
  if (!uuid.test(id)) throw new UsageError(`"${id}" is no user's id.`);
  return id.toLowerCase();
}
