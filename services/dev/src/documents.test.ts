import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dir, "../../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const architecture = read("docs/architecture.md");

/** What a newcomer asks, and what the files that the documents name for it must hold. */
const questions: [question: string, found: Record<string, string>][] = [
  [
    "Where is a task's due date validated?",
    { "services/contracts/src/http/tasks.ts": "due_date:", "services/api/src/tasks/apply-fields.ts": "1970–2199" },
  ],
  [
    "How is an event retried?",
    {
      "services/contracts/src/catalog.ts": "retry: { attempts:",
      "services/adapters/src/local/judge.ts": "attempts",
      "services/events/src/consume/subscribe.ts": "tries",
    },
  ],
  [
    "Who sends mail?",
    { "services/notification/src/send-reminder.ts": "mailer.send(", "services/adapters/src/mail": "" },
  ],
  ["What runs on a laptop?", { "services/launch/embedded/src/product.ts": "startApi(" }],
  [
    "Where is a Grafana panel defined?",
    { "observability/dashboards": "", "services/contracts/src/metrics.ts": "metricCatalogue" },
  ],
  ["Where is a token checked?", { "services/api/src/auth/guard.ts": "authenticate" }],
  [
    "How is the next date of a series computed?",
    { "services/calendar/src/recurrence/next-date.ts": "export function" },
  ],
  ["How is a change written together with its event?", { "services/api/src/change/change.ts": "outbox" }],
  [
    "How does a running page hear of a change?",
    { "services/realtime/src/on-task-event.ts": "changeFrame", "web/public/live.js": "EventSource" },
  ],
  ["How is a history proven whole?", { "services/audit/src/verify-history.ts": "export async function" }],
];

describe("who has read README.md and docs/architecture.md finds", () => {
  test("the way there: README leads to architecture, and that to the rooms", () => {
    expect(read("README.md")).toContain("(docs/architecture.md)");
    expect(architecture).toContain("(../services/README.md)");
  });

  test.each(questions)("%s", (question, found) => {
    const line = architecture.split("\n").find((row) => row.startsWith(`| ${question}`)) ?? "";
    for (const [path, text] of Object.entries(found)) {
      expect(line).toContain(`\`${path}\``);
      const file = join(root, path);
      expect(existsSync(file)).toBe(true);
      if (statSync(file).isDirectory()) expect(readdirSync(file).length).toBeGreaterThan(0);
      else expect(read(path)).toContain(text);
    }
  });
});

test("docs/README.md lists every document", () => {
  const index = read("docs/README.md");
  const missing = readdirSync(join(root, "docs")).filter(
    (name) => name !== "README.md" && !index.includes(`](${name}`),
  );
  expect(missing).toEqual([]);
});

test("docs/field-reports.md names tests that there are", () => {
  const table = read("docs/field-reports.md");
  const named = [...table.matchAll(/`([^`]+\.test\.tsx?)`(?:: "([^"]+)")?/g)];
  expect(named.length).toBeGreaterThan(30);
  const missing = named.filter(
    ([, file = "", name]) => !existsSync(join(root, file)) || (name !== undefined && !read(file).includes(name)),
  );
  expect(missing.map(([all]) => all)).toEqual([]);
  const rows = [...table.matchAll(/^\| (B\d\d) .*$/gm)];
  expect(rows.filter(([row]) => !/\.test\.tsx?`: "/.test(row)).map(([, row]) => row)).toEqual([]);
});

test("docs/architecture.md draws the ports that there are, and each service", () => {
  const drawn = architecture.slice(
    architecture.indexOf("```"),
    architecture.indexOf("```", architecture.indexOf("```") + 3),
  );
  const ports = [...read("services/kit/src/ports.ts").matchAll(/^export interface (\w+)/gm)].map(([, name]) => name);
  expect(ports).toHaveLength(6);
  expect(ports.filter((name) => name && !drawn.includes(name))).toEqual([]);
  const rooms = read("services/README.md");
  const services = ["api", "notification", "recurring", "audit", "realtime", "web", "ops"];
  expect(services.filter((name) => !rooms.includes(`${name}`))).toEqual([]);
});

test("a document says `npm run …`: what it tells a person works with Node alone", () => {
  const files = Bun.spawnSync(["git", "ls-files", "*.md"], { cwd: root }).stdout.toString().split("\n");
  const wrong = files
    .filter((file) => file !== "" && !file.startsWith("CHANGELOG") && existsSync(join(root, file)))
    .flatMap((file) =>
      read(file)
        .split("\n")
        .flatMap((line, at) => (/(^|`)bun (run|start|test|services|web)\b/.test(line) ? [`${file}:${at + 1}`] : [])),
    );
  expect(wrong).toEqual([]);
});
