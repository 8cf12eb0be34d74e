import { type OperatorAct, operatorActs } from "@carillon/contracts/http/operators";

/** The parsed command line. */
export type Command =
  | { kind: "dlq list"; all: boolean; limit: number | null }
  | { kind: "dlq show"; id: string }
  | { kind: "dlq replay"; id: string | "all"; limit: number | null }
  | { kind: "dlq drop"; id: string }
  | { kind: "outbox" }
  | { kind: "reminders due"; limit: number | null }
  | { kind: "audit verify"; user: string | "all" }
  | { kind: "audit rebuild"; user: string | "all"; acceptLoss: boolean }
  | { kind: "users"; act: OperatorAct; email: string }
  | { kind: "topics apply" }
  | { kind: "zones" }
  | { kind: "zones update"; file: string }
  | { kind: "backup"; into: string; keep: number | null }
  | { kind: "restore"; from: string }
  | { kind: "database provision" };

export type Request = {
  command: Command;
  /** Prints JSON, for programs. */
  json: boolean;
  /** Reports what would change, and changes nothing. */
  dryRun: boolean;
};

/** The arguments make no sense; the message says what is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `npm run ops -- <command> [--json]

  dlq list [--all] [--limit n]          events that could not be handled, oldest first; --all: settled ones, too
  dlq show <id>                         one of them, with its last error; <id> is the dead letter's or the event's
  dlq replay <id> | --all [--limit n]   deliver it to its consumer again
  dlq drop <id>                         discard it permanently
  outbox                                changes not yet on the bus: how many, and how old
  reminders due [--limit n]             what is overdue or due within the hour, and its state
  audit verify <user id> | --all        is the history intact, and what happened? exit 1 when one is not
  audit rebuild <user id> | --all       restore missing entries from api's outbox; nothing is published
        [--accept-loss]                 and accept what api no longer has as lost
  users find <address>                  an account: its ways in, and how many sessions and access tokens it has
  users end-sessions <address>          end all of them
  users remove-app <address>            remove its authenticator app; also remove-passkeys, remove-provider
  users send-reset <address>            mail a link for a new password, as if its owner had asked
  zones                                 the zone rules in force, and whether all planned dates follow them
  zones update <file>                   update them from a newer tzdata.zi; - reads standard input
  backup <folder> [--keep n]            copy the running product of DATA_DIR; --keep: remove older copies there
  restore <folder>                      put such a copy into an empty DATA_DIR; --dry-run: only check the copy
  topics apply                          make the broker's topics match the catalogue
  database provision                    create the roles and schemas, with the passwords of *_DATABASE_URL
  serve                                 export how far consumers are behind, at /metrics
  smoke                                 walk through a product at SMOKE_URL, or at API_URL and WEB_URL

dlq replay, dlq drop, zones update, restore, topics apply and database provision take --dry-run.
KAFKA_BROKERS names the broker of a product that has one, DATABASE_URL its database; without either, ops uses the product
running on DATA_DIR (.data).
`;

type Flags = { all: boolean; acceptLoss: boolean; limit: number | null; keep: number | null };
type Words = { target: string | undefined; flags: Flags };
type Read = { may: readonly string[]; read: (words: Words) => Command };

/** Each act with an account is a command of two words. */
function userCommands() {
  const entries = operatorActs.map((act) => [
    `users ${act}`,
    {
      may: [],
      read({ target: email }: Words): Command {
        if (email === undefined) throw new UsageError("Whose account? Give its e-mail address.");
        return { kind: "users", act, email };
      },
    },
  ]);
  // Sound: one entry for each act.
  return Object.fromEntries(entries) as Record<`users ${OperatorAct}`, Read>;
}

/** The options of each command besides --json, and what they become. */
const commands: Record<Exclude<Command["kind"], "users"> | `users ${OperatorAct}`, Read> = {
  "dlq list": {
    may: ["--all", "--limit"],
    read: ({ target, flags }) => ({
      kind: "dlq list",
      ...nothing("dlq list", target),
      all: flags.all,
      limit: flags.limit,
    }),
  },
  "dlq show": { may: [], read: ({ target }) => ({ kind: "dlq show", id: letter(target) }) },
  "dlq replay": {
    may: ["--all", "--limit", "--dry-run"],
    read({ target, flags: { all, limit } }) {
      if (limit !== null && !all) throw new UsageError("--limit goes with --all.");
      return { kind: "dlq replay", id: oneOrAll(target, all, letter), limit };
    },
  },
  "dlq drop": { may: ["--dry-run"], read: ({ target }) => ({ kind: "dlq drop", id: letter(target) }) },
  outbox: { may: [], read: ({ target }) => ({ kind: "outbox", ...nothing("outbox", target) }) },
  "reminders due": {
    may: ["--limit"],
    read: ({ target, flags: { limit } }) => ({ kind: "reminders due", ...nothing("reminders due", target), limit }),
  },
  "audit verify": {
    may: ["--all"],
    read: ({ target, flags }) => ({ kind: "audit verify", user: oneOrAll(target, flags.all, user) }),
  },
  zones: { may: [], read: ({ target }) => ({ kind: "zones", ...nothing("zones", target) }) },
  "zones update": {
    may: ["--dry-run"],
    read({ target: file }) {
      if (file === undefined) throw new UsageError("Which file? Give a tzdata.zi, or - for standard input.");
      return { kind: "zones update", file };
    },
  },
  "audit rebuild": {
    may: ["--all", "--accept-loss"],
    read: ({ target, flags: { all, acceptLoss } }) => ({
      kind: "audit rebuild",
      user: oneOrAll(target, all, user),
      acceptLoss,
    }),
  },
  backup: {
    may: ["--keep"],
    read({ target: into, flags: { keep } }) {
      if (into === undefined) throw new UsageError("Into which folder?");
      return { kind: "backup", into, keep };
    },
  },
  restore: {
    may: ["--dry-run"],
    read({ target: from }) {
      if (from === undefined) throw new UsageError("From which folder? Name one that `backup` made.");
      return { kind: "restore", from };
    },
  },
  ...userCommands(),
  "topics apply": {
    may: ["--dry-run"],
    read: ({ target }) => ({ kind: "topics apply", ...nothing("topics apply", target) }),
  },
  "database provision": {
    may: ["--dry-run"],
    read: ({ target }) => ({ kind: "database provision", ...nothing("database provision", target) }),
  },
};

/** @throws UsageError for anything but the lines of `usage`. */
export function readArguments(given: readonly string[]): Request {
  const { words, flags, limit, keep } = sort(given);
  // A command of one word is followed by its folder.
  const length = words[0] === "backup" || words[0] === "restore" ? 1 : 2;
  const [target, ...rest] = words.slice(length);
  if (rest.length > 0) throw new UsageError(`"${rest[0]}" is one argument too many.`);
  const name = words.slice(0, length).join(" ");
  const command = isCommand(name) ? commands[name] : null;
  if (command === null) throw new UsageError(name === "" ? "Missing command." : `"${name}" is not a command.`);
  const unknown = [...flags].find((flag) => flag !== "--json" && !command.may.includes(flag));
  // "dlq drop --all" lacks its id, which is the better message.
  const read = command.read({
    target,
    flags: { all: flags.has("--all"), acceptLoss: flags.has("--accept-loss"), limit, keep },
  });
  if (unknown !== undefined) throw new UsageError(`${name} takes no ${unknown}.`);
  return { command: read, json: flags.has("--json"), dryRun: flags.has("--dry-run") };
}

const isCommand = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);

type Sorted = { words: string[]; flags: Set<string>; limit: number | null; keep: number | null };

function sort(given: readonly string[]): Sorted {
  const [withoutLimit, limit] = takeCount(given, "--limit");
  const [rest, keep] = takeCount(withoutLimit, "--keep");
  const flags = new Set(rest.filter((word) => word.startsWith("--")));
  if (limit !== null) flags.add("--limit");
  if (keep !== null) flags.add("--keep");
  return { words: rest.filter((word) => !word.startsWith("--")), flags, limit, keep };
}

/** The words without `flag` and its number, and the number; null when it is not given. */
function takeCount(given: readonly string[], flag: string): [string[], number | null] {
  const at = given.indexOf(flag);
  if (at === -1) return [[...given], null];
  const text = given[at + 1] ?? "";
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`${flag} takes a number from 1 to 999999.`);
  return [given.toSpliced(at, 2), Number(text)];
}

function nothing(name: string, target: string | undefined): Record<never, never> {
  if (target !== undefined) throw new UsageError(`${name} takes no "${target}".`);
  return {};
}

function oneOrAll(target: string | undefined, all: boolean, one: (target: string | undefined) => string): string {
  if (all && target !== undefined) throw new UsageError(`Either "${target}" or --all.`);
  return all ? "all" : one(target);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const letterId = /^([1-9]\d{0,17}|outbox:[1-9]\d{0,17}|[A-Za-z0-9._-]{1,249}:\d{1,9}:\d{1,18})$/;

function letter(id: string | undefined): string {
  if (id === undefined) throw new UsageError("Which one? `dlq list` shows their ids.");
  if (!letterId.test(id) && !uuid.test(id))
    throw new UsageError(`"${id}" is neither a dead letter's id nor an event's.`);
  // A topic's name may have capitals.
  return uuid.test(id) ? id.toLowerCase() : id;
}

function user(id: string | undefined): string {
  if (id === undefined) throw new UsageError("Whose history? Give a user's id, or --all.");
  if (!uuid.test(id)) throw new UsageError(`"${id}" is not a user's id.`);
  return id.toLowerCase();
}
