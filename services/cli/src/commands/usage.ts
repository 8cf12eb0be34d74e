import { type Command, commands, everywhere, type Option } from "./command-table.ts";

/** `--format <format>`, with its letter. */
export const spell = ({ name, short, value }: Option): string =>
  `${short ? `-${short}, ` : ""}--${name}${value ? ` <${value}>` : ""}`;

export const meaning = ({ means, choices, many }: Option): string =>
  `${means}${choices ? `: ${choices.join(", ")}` : ""}${many ? "; may be repeated" : ""}`;

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
};

export const synopsis = ({ name, words }: Command): string => `carillon ${name}${words ? ` ${words}` : ""}`;

/** All commands in brief. */
export const usage = (): string =>
  `carillon <command> [options]

${columns(commands.map((one) => [synopsis(one).slice("carillon ".length), one.means]))}
Every command takes
${columns(everywhere.map((one) => [spell(one), meaning(one)]))}
A task is a number of the last list, or the beginning or end of its id (4 characters or more). CARILLON_URL and CARILLON_TOKEN
stand for a sign-in. carillon <command> --help says more; docs/cli.md has all of it.
`;

/** One command in full. */
export const usageOf = (command: Command): string =>
  `${synopsis(command)}

  ${command.means}

${columns([...command.options, ...everywhere].map((one) => [spell(one), meaning(one)]))}${
  command.examples.length > 0 ? `\n${command.examples.map((one) => `  ${one}\n`).join("")}` : ""
}`;
