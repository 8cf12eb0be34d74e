import { parseArgs } from "node:util";
import { UsageError } from "../exit.ts";
import { type Command, commands, everywhere, type Option } from "./command-table.ts";

/** The parsed command line: the words, and the options by their names. */
export type Given = {
  command: Command;
  words: string[];
  flags: ReadonlySet<string>;
  values: Readonly<Record<string, string[]>>;
};

export const helpAsked = "help";

/** What the line asks for; help without a command is null. @throws UsageError for anything the table does not have. */
export function readArguments(line: readonly string[]): Given | null {
  const [name, ...rest] = line;
  if (name === undefined || name === "--help" || name === "-h") return null;
  if (name === "help") return rest[0] === undefined ? null : helpOf(find(rest[0]));
  const command = find(name);
  const options = [...command.options, ...everywhere];
  const { positionals, values } = parse(rest, options);
  const given: Given = { command, words: positionals, flags: flagsOf(values), values: textsOf(values) };
  if (!given.flags.has(helpAsked)) check(given, options);
  return given;
}

const helpOf = (command: Command): Given => ({ command, words: [], flags: new Set([helpAsked]), values: {} });

function find(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command) return command;
  throw new UsageError(`"${name}" is not a command; carillon --help lists them.`);
}

function parse(args: string[], options: readonly Option[]) {
  const shape = Object.fromEntries(
    options.map(({ name, short, value }) => [
      name,
      // Repetition is seen only of what may be many.
      { type: value ? ("string" as const) : ("boolean" as const), multiple: true, ...(short ? { short } : {}) },
    ]),
  );
  try {
    return parseArgs({ args, options: shape, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? `${error.message.replace(/\.$/, "")}.` : String(error));
  }
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

const flagsOf = (values: Values): Set<string> =>
  new Set(Object.keys(values).filter((name) => [values[name]].flat().includes(true)));

const textsOf = (values: Values): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, [value].flat().filter((one) => typeof one === "string")]),
  );

function check({ command, words, values }: Given, options: readonly Option[]): void {
  const [min, max] = command.takes;
  if (words.length < min) throw new UsageError(`${command.name} needs ${command.words}.`);
  if (words.length > max) throw new UsageError(`"${words[max]}" is one word too many for ${command.name}.`);
  const [first] = words;
  if (command.choices && first !== undefined && !command.choices.includes(first))
    throw new UsageError(`${command.name} takes ${command.choices.join(", ")}, not "${first}".`);
  for (const { name, many, choices } of options) {
    const given = values[name] ?? [];
    if (given.length > 1 && !many) throw new UsageError(`--${name} can be given once.`);
    const odd = choices && given.find((one) => !choices.includes(one));
    if (odd !== undefined) throw new UsageError(`--${name} takes ${choices?.join(", ")}, not "${odd}".`);
  }
}
