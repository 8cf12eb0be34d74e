import { priorities } from "@carillon/contracts/http/tasks";
import { exportFormats } from "@carillon/contracts/http/transfer";

export type Option = {
  name: string;
  short?: string;
  /** What stands for its value; without one the option is a switch. */
  value?: string;
  choices?: readonly string[];
  many?: true;
  means: string;
};

export type Command = {
  name: string;
  /** Its words, as a usage line shows them. */
  words: string;
  /** How many words it takes. */
  takes: readonly [min: number, max: number];
  choices?: readonly string[];
  means: string;
  options: readonly Option[];
  examples: readonly string[];
};

/** Options of every command. */
export const everywhere: readonly Option[] = [
  { name: "json", means: "print JSON, for programs" },
  { name: "no-color", means: "no colours; also NO_COLOR" },
  { name: "help", short: "h", means: "what the command takes" },
];

const many = Number.POSITIVE_INFINITY;
const tag: Option = { name: "tag", short: "t", value: "name", many: true, means: "a tag" };
const priority: Option = {
  name: "priority",
  short: "p",
  value: "priority",
  choices: priorities,
  means: "how important",
};
const dryRun: Option = { name: "dry-run", short: "n", means: "only say what would happen" };
const fields: readonly Option[] = [
  { name: "description", short: "d", value: "text", means: "more about it" },
  { name: "due", value: "when", means: "its date in words: friday 5pm" },
  { name: "repeat", value: "rule", means: "daily, weekly, monthly, yearly or an RRULE" },
  priority,
  tag,
];

/** Every command: `--help`, the completions and docs/cli.md are made from it. */
export const commands: readonly Command[] = [
  {
    name: "login",
    words: "",
    takes: [0, 0],
    means: "sign in with address and password, or keep an access token",
    options: [
      { name: "url", short: "u", value: "address", means: "the product's API, http://localhost:8000 if not given" },
      { name: "email", short: "e", value: "address", means: "your address" },
      { name: "token", means: "keep an access token instead; it is read from the terminal or standard input" },
    ],
    examples: ["carillon login --url https://tasks.example.com --email ada@example.com"],
  },
  {
    name: "logout",
    words: "",
    takes: [0, 0],
    means: "end the session, and forget it here",
    options: [],
    examples: [],
  },
  {
    name: "add",
    words: "<text>…",
    takes: [1, many],
    means: "a new task from a line of text; says what was understood",
    options: [{ name: "plain", means: "the text is the title as it is" }, ...fields, dryRun],
    examples: ["carillon add pay rent every month on the 1st at 9 #home", "carillon add --plain 'Call Ada tomorrow?'"],
  },
  {
    name: "list",
    words: "[word…]",
    takes: [0, many],
    means: "open tasks, or those that hold the words",
    options: [
      { name: "today", means: "due today, or overdue" },
      { name: "upcoming", means: "due after today" },
      { name: "overdue", means: "only what is overdue" },
      { name: "no-date", means: "only without a date" },
      { name: "repeating", means: "only what repeats" },
      { name: "completed", means: "completed instead of open tasks, the latest first" },
      { name: "all", short: "a", means: "open and completed tasks" },
      { name: "trash", means: "what was deleted" },
      tag,
      { ...priority, many: true },
      { name: "limit", short: "l", value: "count", means: "how many, 50 if not given, at most 1000" },
    ],
    examples: ["carillon list --today", "carillon list report --tag work"],
  },
  {
    name: "show",
    words: "<task>",
    takes: [1, 1],
    means: "one task with everything in it",
    options: [],
    examples: ["carillon show 3"],
  },
  {
    name: "done",
    words: "<task>…",
    takes: [1, 50],
    means: "complete tasks",
    options: [],
    examples: ["carillon done 1 4"],
  },
  {
    name: "edit",
    words: "<task>",
    takes: [1, 1],
    means: "change a task; what is not named stays",
    options: [
      { name: "title", value: "text", means: "another title" },
      ...fields,
      { name: "no-due", means: "no date" },
      { name: "no-repeat", means: "no repetition" },
      { name: "no-tags", means: "no tags" },
    ],
    examples: ["carillon edit 2 --due 'monday 9am' --priority high"],
  },
  {
    name: "skip",
    words: "<task>",
    takes: [1, 1],
    means: "skip this date of a repeating task",
    options: [],
    examples: [],
  },
  {
    name: "delete",
    words: "<task>…",
    takes: [1, 50],
    means: "move tasks to the trash, for 30 days",
    options: [],
    examples: [],
  },
  {
    name: "undo",
    words: "[task]",
    takes: [0, 1],
    means: "take back this machine's last change, or the last one of a task; again: the one before",
    options: [],
    examples: [],
  },
  {
    name: "watch",
    words: "",
    takes: [0, 0],
    means: "what changes, as it happens; Ctrl-C ends it",
    options: [],
    examples: ["carillon watch --json"],
  },
  {
    name: "export",
    words: "[file]",
    takes: [0, 1],
    means: "everything in your account, into a file or to standard output",
    options: [
      { name: "format", short: "f", value: "format", choices: exportFormats, means: "by the file's name, else json" },
    ],
    examples: ["carillon export backup.json", "carillon export --format csv > tasks.csv"],
  },
  {
    name: "import",
    words: "<file>",
    takes: [1, 1],
    means: "read a file in: all of it, or nothing; - is standard input",
    options: [
      { name: "type", value: "type", choices: ["json", "csv", "ics"], means: "by the file's name if not given" },
      dryRun,
    ],
    examples: ["carillon import todoist.csv --dry-run"],
  },
  {
    name: "queue",
    words: "[send | drop <number> | retry <number>]",
    takes: [0, 2],
    choices: ["send", "drop", "retry"],
    means: "changes that wait for the product, and those it refused",
    options: [],
    examples: [],
  },
  {
    name: "mcp",
    words: "",
    takes: [0, 0],
    means: "the product's tools on standard input and output, for assistants",
    options: [],
    examples: [],
  },
  {
    name: "completions",
    words: "<shell>",
    takes: [1, 1],
    choices: ["bash", "zsh", "fish"],
    means: "a script that completes commands and options in your shell",
    options: [],
    examples: ["source <(carillon completions bash)"],
  },
];
