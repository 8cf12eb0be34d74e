/**
 * Prints how late mail is when many reminders are due within one second, on a product of its own
 * (embedded, mail to a folder): `bun services/notification/bench/due.ts [reminders] [people]`.
 * Exits with 1 when a mail is lost, early or duplicated, or the 99th percentile is a second late.
 */

import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { SignedIn } from "@carillon/contracts/http/auth";
import type { Task } from "@carillon/contracts/http/tasks";
import { defaultPorts, type ServiceName } from "@carillon/contracts/names";
import { freePorts } from "@carillon/host/ports";
import { eventually, until } from "@carillon/testing/until";

const reminders = Number(process.argv[2] ?? 300);
const people = Number(process.argv[3] ?? 10);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const root = resolve(import.meta.dir, "../../..");
const dataDir = mkdtempSync(join(tmpdir(), "carillon-bench-"));
const services = Object.keys(defaultPorts) as ServiceName[];
const ports = await freePorts(services.length);
const product = Bun.spawn([process.execPath, "--no-env-file", "services/launch/embedded/src/main.ts"], {
  cwd: root,
  env: {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    DATA_DIR: dataDir,
    RATE_LIMIT_PER_MINUTE: "0",
    ...Object.fromEntries(services.map((name, at) => [`${name.toUpperCase()}_PORT`, String(ports[at])])),
  },
  stdout: "ignore",
  stderr: "inherit",
});
const api = `http://127.0.0.1:${ports[services.indexOf("api")]}`;

async function post<Answer>(path: string, body: unknown, token = ""): Promise<Answer> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const response = await fetch(api + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function signUp(): Promise<string[]> {
  const tokens: string[] = [];
  for (let at = 0; at < people; at++) {
    const account = { email: `person-${at}@example.com`, password: "correct horse battery" };
    tokens.push((await post<SignedIn>("/api/signup", account)).access_token);
  }
  return tokens;
}

/** The tasks' reminders: file name → when it is due, in milliseconds. */
async function setReminders(tokens: readonly string[], firstMs: number): Promise<Map<string, number>> {
  const due = new Map<string, number>();
  const setOne = async (at: number): Promise<void> => {
    const dueMs = firstMs + Math.floor((at * 1_000) / reminders);
    const body = { title: `Reminder ${at}`, reminder_at: new Date(dueMs).toISOString() };
    const task = await post<Task>("/api/tasks", body, tokens[at % people]);
    due.set(`rem-${task.reminders[0]?.id}-1.eml`, dueMs);
  };
  for (let at = 0; at < reminders; at += 10)
    await Promise.all(Array.from({ length: Math.min(10, reminders - at) }, (_, offset) => setOne(at + offset)));
  if (Date.now() > firstMs - 2_000) throw new Error("Creating them took too long; ask for fewer.");
  return due;
}

async function measure(): Promise<boolean> {
  await eventually("the product answers", async () => (await fetch(`${api}/health/ready`)).ok, 60_000);
  const tokens = await signUp();
  const due = await setReminders(tokens, Date.now() + 5_000 + reminders * 40);
  const folder = join(dataDir, "mail");
  const mails = () => readdirSync(folder).filter((name) => name.endsWith(".eml"));
  await until("every mail is there", () => mails().length >= reminders, 120_000);
  await Bun.sleep(2_000);
  const found = mails();
  // The file is written once, whole, so its last write is its arrival.
  const lateMs = found.map((name) => statSync(join(folder, name)).mtimeMs - (due.get(name) ?? Infinity));
  lateMs.sort((a, b) => a - b);
  const at = (part: number): number =>
    Math.round(lateMs[Math.min(lateMs.length - 1, Math.floor(lateMs.length * part))] ?? 0);
  const early = lateMs.filter((ms) => ms < 0).length;
  const lost = [...due.keys()].filter((name) => !found.includes(name)).length;
  say(
    `${reminders} reminders of ${people} people due within one second: ${found.length} mails, ${lost} lost, ${early} early; ` +
      `late p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms`,
  );
  return lost === 0 && early === 0 && found.length === reminders && at(0.99) < 1_000;
}

const passed = await measure().finally(async () => {
  product.kill("SIGTERM");
  await product.exited;
  rmSync(dataDir, { recursive: true, force: true });
});
process.exit(passed ? 0 : 1);
