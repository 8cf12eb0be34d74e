import { type Command, commands, everywhere, type Option } from "./command-table.ts";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** A script that completes commands, options and their values. */
export const completions = (shell: Shell): string => ({ bash, zsh, fish })[shell]();

const optionsOf = (command: Command): Option[] => [...command.options, ...everywhere];
const spellings = ({ name, short }: Option): string[] => [`--${name}`, ...(short ? [`-${short}`] : [])];
/** Commands whose words are files. */
const takesFile = ({ name }: Command): boolean => name === "import" || name === "export";

function bash(): string {
  const branch = (command: Command): string => {
    const choices = optionsOf(command)
      .filter((one) => one.choices)
      .map(
        (one) =>
          `        ${spellings(one).join("|")}) COMPREPLY=($(compgen -W "${one.choices?.join(" ")}" -- "$word")); return ;;\n`,
      )
      .join("");
    const words = [...optionsOf(command).flatMap(spellings), ...(command.choices ?? [])].join(" ");
    return `    ${command.name})
      case "$before" in
${choices}        *) ;;
      esac
      COMPREPLY=($(compgen -W "${words}"${takesFile(command) ? " -f" : ""} -- "$word")) ;;
`;
  };
  return `# carillon's completions for bash
_carillon() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), "help"].join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
    help) COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$word")) ;;
${commands.map(branch).join("")}  esac
}
complete -F _carillon carillon
`;
}

/** Inside single quotes, as zsh and fish read them. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Characters that end a part of zsh's descriptions. */
const zshText = (text: string): string => text.replaceAll(/[[\]:]/g, (mark) => `\\${mark}`);

function zsh(): string {
  const option = (one: Option): string[] => {
    const value = one.value ? `:${zshText(one.value)}:${one.choices ? `(${one.choices.join(" ")})` : ""}` : "";
    return spellings(one).map((spelling) => quoted(`${one.many ? "*" : ""}${spelling}[${zshText(one.means)}]${value}`));
  };
  const branch = (command: Command): string => {
    const rest = takesFile(command)
      ? "*:file:_files"
      : command.choices
        ? `1:what:(${command.choices.join(" ")})`
        : "*: :";
    return `    ${command.name}) _arguments ${[...optionsOf(command).flatMap(option), quoted(rest)].join(" ")} ;;\n`;
  };
  return `#compdef carillon
# carillon's completions for zsh
_carillon() {
  local -a names
  names=(${commands.map(({ name, means }) => quoted(`${name}:${zshText(means)}`)).join(" ")})
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${commands.map(branch).join("")}  esac
}
compdef _carillon carillon
`;
}

function fish(): string {
  const of = (name: string): string => `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  const option = (command: Command, one: Option): string =>
    [
      `complete -c carillon ${of(command.name)} -l ${one.name}`,
      ...(one.short ? [`-s ${one.short}`] : []),
      ...(one.value ? ["-x"] : []),
      ...(one.choices ? [`-a ${quoted(one.choices.join(" "))}`] : []),
      `-d ${quoted(one.means)}`,
    ].join(" ");
  const lines = commands.flatMap((command) => [
    `complete -c carillon -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.means)}`,
    ...(command.choices ? [`complete -c carillon ${of(command.name)} -a ${quoted(command.choices.join(" "))}`] : []),
    ...(takesFile(command) ? [`complete -c carillon ${of(command.name)} -F`] : []),
    ...optionsOf(command).map((one) => option(command, one)),
  ]);
  return `# carillon's completions for fish\ncomplete -c carillon -f\n${lines.join("\n")}\n`;
}
