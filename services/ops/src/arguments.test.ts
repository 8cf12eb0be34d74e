import { expect, test } from "bun:test";
import { type Request, readArguments, UsageError } from "./arguments.ts";

const user = "0197C3F0-0000-7000-8000-000000000001";
const plain = { json: false, dryRun: false };

const understood: [string, Request][] = [
  ["dlq list", { command: { kind: "dlq list", all: false, limit: null }, ...plain }],
  ["--json dlq list", { command: { kind: "dlq list", all: false, limit: null }, json: true, dryRun: false }],
  ["dlq list --all --limit 20", { command: { kind: "dlq list", all: true, limit: 20 }, ...plain }],
  ["dlq show 17", { command: { kind: "dlq show", id: "17" }, ...plain }],
  [`dlq show ${user}`, { command: { kind: "dlq show", id: user.toLowerCase() }, ...plain }],
  ["dlq replay 17 --dry-run", { command: { kind: "dlq replay", id: "17", limit: null }, json: false, dryRun: true }],
  ["dlq replay --all", { command: { kind: "dlq replay", id: "all", limit: null }, ...plain }],
  ["dlq replay --limit 5 --all", { command: { kind: "dlq replay", id: "all", limit: 5 }, ...plain }],
  [
    "dlq show task-events.audit.dlq:3:17",
    { command: { kind: "dlq show", id: "task-events.audit.dlq:3:17" }, ...plain },
  ],
  ["dlq drop 17 --json --dry-run", { command: { kind: "dlq drop", id: "17" }, json: true, dryRun: true }],
  ["outbox --json", { command: { kind: "outbox" }, json: true, dryRun: false }],
  ["users find ann@example.com", { command: { kind: "users", act: "find", email: "ann@example.com" }, ...plain }],
  [
    "users remove-app ann@example.com",
    { command: { kind: "users", act: "remove-app", email: "ann@example.com" }, ...plain },
  ],
  [`audit verify ${user}`, { command: { kind: "audit verify", user: user.toLowerCase() }, ...plain }],
  ["reminders due", { command: { kind: "reminders due", limit: null }, ...plain }],
  ["zones", { command: { kind: "zones" }, ...plain }],
  [
    "zones update ./tzdata.zi --dry-run",
    { command: { kind: "zones update", file: "./tzdata.zi" }, json: false, dryRun: true },
  ],
  ["zones update -", { command: { kind: "zones update", file: "-" }, ...plain }],
  ["topics apply --dry-run", { command: { kind: "topics apply" }, json: false, dryRun: true }],
  ["backup /mnt/copies", { command: { kind: "backup", into: "/mnt/copies", keep: null }, ...plain }],
  [
    "backup copies --keep 7 --json",
    { command: { kind: "backup", into: "copies", keep: 7 }, json: true, dryRun: false },
  ],
  ["restore ./x --dry-run", { command: { kind: "restore", from: "./x" }, json: false, dryRun: true }],
  ["database provision", { command: { kind: "database provision" }, ...plain }],
  ["audit verify --all", { command: { kind: "audit verify", user: "all" }, ...plain }],
  [
    `audit rebuild ${user}`,
    { command: { kind: "audit rebuild", user: user.toLowerCase(), acceptLoss: false }, ...plain },
  ],
  [
    "audit rebuild --all --accept-loss",
    { command: { kind: "audit rebuild", user: "all", acceptLoss: true }, ...plain },
  ],
];
for (const [line, request] of understood) {
  test(`understood: ${line}`, () => expect(readArguments(line.split(" "))).toEqual(request));
}

const refused: [string, string][] = [
  ["", "Missing command."],
  ["dlq", '"dlq" is not a command.'],
  ["dlq replai 1", '"dlq replai" is not a command.'],
  ["backup", "Into which folder?"],
  ["backup a b", '"b" is one argument too many.'],
  ["backup a --keep 0", "--keep takes a number"],
  ["backup a --dry-run", "backup takes no --dry-run."],
  ["restore", "From which folder?"],
  ["restore a --keep 3", "restore takes no --keep."],
  ["outbox all", '"outbox all" is not a command.'],
  ["topics", '"topics" is not a command.'],
  ["zones update", "Which file?"],
  ["zones --all", "zones takes no --all."],
  ["topics apply all", 'topics apply takes no "all".'],
  ["topics apply --all", "topics apply takes no --all."],
  ["serve now", '"serve now" is not a command.'],
  ["dlq list 17", 'dlq list takes no "17".'],
  ["dlq show", "Which one?"],
  ["dlq show 1;drop", "is neither a dead letter's id nor an event's"],
  ["dlq show 0", "is neither a dead letter's id nor an event's"],
  ["dlq show ../17:1:1", "is neither a dead letter's id nor an event's"],
  ["dlq list --limit", "--limit takes a number from 1 to 999999."],
  ["dlq list --limit 0", "--limit takes a number from 1 to 999999."],
  ["dlq replay 17 --limit 3", "--limit goes with --all."],
  ["dlq drop 17 --limit 3", "dlq drop takes no --limit."],
  ["dlq drop --all", "Which one?"],
  ["dlq drop 1 --all", "dlq drop takes no --all."],
  ["dlq replay 1 --all", 'Either "1" or --all.'],
  ["dlq replay 1 2", '"2" is one argument too many.'],
  ["dlq list --dry-run", "dlq list takes no --dry-run."],
  ["outbox --force", "outbox takes no --force."],
  ["users find", "Whose account? Give its e-mail address."],
  ["users erase ann@example.com", '"users erase" is not a command.'],
  ["audit verify", "Whose history?"],
  ["audit verify --all --accept-loss", "audit verify takes no --accept-loss."],
  ["audit verify ann", '"ann" is not a user\'s id.'],
];
for (const [line, sentence] of refused) {
  test(`rejected instead of guessed: ${line || "(nothing)"}`, () => {
    const read = () => readArguments(line.split(" ").filter(Boolean));
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });
}
