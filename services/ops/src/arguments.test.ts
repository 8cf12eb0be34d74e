import { expect, test } from "bun:test";
import { type Request, readArguments, UsageError } from "./arguments.ts";

const user = "0197C3F0-0000-7000-8000-000000000001";
const plain = { json: false, dryRun: false };

const understood: [string, Request][] = [
  ["dlq list", { command: { kind: "dlq list" }, ...plain }],
  ["--json dlq list", { command: { kind: "dlq list" }, json: true, dryRun: false }],
  ["dlq show 17", { command: { kind: "dlq show", id: "17" }, ...plain }],
  [`dlq show ${user}`, { command: { kind: "dlq show", id: user.toLowerCase() }, ...plain }],
  ["dlq replay 17 --dry-run", { command: { kind: "dlq replay", id: "17" }, json: false, dryRun: true }],
  ["dlq replay --all", { command: { kind: "dlq replay", id: "all" }, ...plain }],
  ["dlq drop 17 --json --dry-run", { command: { kind: "dlq drop", id: "17" }, json: true, dryRun: true }],
  ["outbox --json", { command: { kind: "outbox" }, json: true, dryRun: false }],
  [`audit verify ${user}`, { command: { kind: "audit verify", user: user.toLowerCase() }, ...plain }],
  ["audit verify --all", { command: { kind: "audit verify", user: "all" }, ...plain }],
];
for (const [line, request] of understood) {
  test(`understood: ${line}`, () => expect(readArguments(line.split(" "))).toEqual(request));
}

const refused: [string, string][] = [
  ["", "What shall be done?"],
  ["dlq", '"dlq" is no command.'],
  ["dlq replai 1", '"dlq replai" is no command.'],
  ["outbox all", '"outbox all" is no command.'],
  ["dlq list 17", 'dlq list takes no "17".'],
  ["dlq show", "Which one?"],
  ["dlq show 1;drop", "is neither a dead letter's number nor an event's id"],
  ["dlq show 0", "is neither a dead letter's number nor an event's id"],
  ["dlq drop --all", "Which one?"],
  ["dlq drop 1 --all", "dlq drop takes no --all."],
  ["dlq replay 1 --all", 'Either "1" or --all.'],
  ["dlq replay 1 2", '"2" is one word too many.'],
  ["dlq list --dry-run", "dlq list takes no --dry-run."],
  ["outbox --force", "outbox takes no --force."],
  ["audit verify", "Whose history?"],
  ["audit verify ann", '"ann" is no user\'s id.'],
];
for (const [line, sentence] of refused) {
  test(`refused, because nothing is guessed: ${line || "(nothing)"}`, () => {
    const read = () => readArguments(line.split(" ").filter(Boolean));
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });
}
