import { exitCodes } from "../exit.ts";
import { type Command, commands, everywhere, type Option } from "./command-table.ts";
import { meaning, spell, synopsis } from "./usage.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");

const optionRows = (options: readonly Option[]): string =>
  options.map((one) => `| \`${cell(spell(one))}\` | ${cell(meaning(one))} |\n`).join("");

const section = (command: Command): string =>
  `### carillon ${command.name}

\`${synopsis(command)}\`: ${command.means}.
${command.options.length > 0 ? `\n| option | means |\n| --- | --- |\n${optionRows(command.options)}` : ""}${
  command.examples.length > 0 ? `\n\`\`\`sh\n${command.examples.join("\n")}\n\`\`\`\n` : ""
}`;

const exits = Object.values(exitCodes)
  .map(({ code, means }) => `| ${code} | ${means} |\n`)
  .join("");

const withoutTheProduct = `## Without the product

A change (\`add\`, \`done\`, \`edit\`, \`skip\`, \`delete\`, \`undo\`) that gets no answer is kept in \`$XDG_STATE_HOME/carillon\` (\`~/.local/state\`) and the exit code is 75. The next command sends what waits first,
in order, each under its own \`Idempotency-Key\`, so that a change whose answer was lost is not done twice. "Tomorrow" is the day after the one on which it was typed. At most 500 changes wait.

- What the product refuses is set apart with its reason; \`carillon queue\` lists it, \`queue drop\` and \`queue retry\` decide.
- The product remembers keys for a day. What was sent more than 23 hours ago without an answer is set apart as well: look whether it was done.
- Changes belong to one account at one product; another account's stay where they are.
- A task that waits to be made has no id yet, so nothing can be done to it before.
- An edit sets the fields it names, also where they were changed elsewhere in between.

`;

/** docs/cli.md: the command table, and what no table says. */
export const page = (): string => `# The command line

\`carillon\` works with a product that runs elsewhere, through the JSON API alone. \`npm run carillon -- <command>\` needs Node and nothing else; \`npm run build -- cli\`
makes one program, \`dist/cli/carillon\`, that needs nothing at all and can be copied to any machine of the same kind. This page is made from the command table
by \`npm run gen\`, as are \`--help\` and the completions.

\`\`\`sh
npm run carillon -- login --url https://tasks.example.com --email ada@example.com
npm run carillon -- add 'pay rent every month on the 1st at 9 #home'
npm run carillon -- list --today
npm run carillon -- done 1
\`\`\`

## Signing in

\`login\` asks for the password at the terminal, or reads it as the first line of standard input, and for the code where the account has an authenticator app. The session is kept
in \`$XDG_CONFIG_HOME/carillon/credentials.json\` (\`~/.config\`), which only its owner can read, is renewed while it is used, and ends with \`logout\` or in the settings. \`login --token\`
keeps an access token instead, which \`logout\` can only forget. Secrets are never taken from the command line, which other users of the machine can see.

| variable | means |
| --- | --- |
| \`CARILLON_URL\` | the product's API; else where you signed in, else \`http://localhost:8000\` |
| \`CARILLON_TOKEN\` | an access token, instead of a sign-in |
| \`CARILLON_REALTIME_URL\` | where \`watch\` listens, if that is neither the API's address nor, with port 8000, the same host's port 8004 |
| \`NO_COLOR\` | no colours |

A kept token is sent to the product that gave it, and to no other address, whatever \`CARILLON_URL\` or a redirection says.

## Tasks

Commands take a number of the last list, or the beginning or end of an id, 4 characters or more. Lists show ends: an id begins with the time, so tasks made together
begin alike. Text of tasks is printed with control characters shown as \`\\u001b\`; nothing in a task can act on the terminal.

${withoutTheProduct}## Exit codes

| code | means |
| --- | --- |
${exits}
With \`--json\` a failure is one line of JSON on standard error: \`detail\`, \`exit\`, and \`problem\`, the product's own answer with its pointers.

## Completions

\`\`\`sh
source <(carillon completions bash)
source <(carillon completions zsh)
carillon completions fish > ~/.config/fish/completions/carillon.fish
\`\`\`

## Commands

| option of each | means |
| --- | --- |
${optionRows(everywhere)}
${commands.map(section).join("\n")}`;
