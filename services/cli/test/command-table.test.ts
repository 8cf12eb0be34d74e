import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../src/commands/command-table.ts";
import { completions, shells } from "../src/commands/completions.ts";
import { page } from "../src/commands/page.ts";
import { usage, usageOf } from "../src/commands/usage.ts";

test("docs/cli.md is what npm run gen makes of the command table", async () => {
  expect(await Bun.file(join(import.meta.dir, "../../../docs/cli.md")).text()).toBe(page());
});

test("help and the completions of each shell name every command and option", () => {
  for (const command of commands) {
    expect(usage()).toContain(`  ${command.name}`);
    for (const { name } of command.options) {
      expect(usageOf(command)).toContain(`--${name}`);
      for (const shell of shells) expect(completions(shell)).toMatch(new RegExp(`(--|-l )${name}\\b`));
    }
    for (const shell of shells) expect(completions(shell)).toContain(command.name);
  }
});

/** What bash would complete this line with. */
function completed(...words: string[]): string[] {
  const script = `${completions("bash")}\nCOMP_WORDS=(carillon ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}\n_carillon\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, exitCode } = Bun.spawnSync(["bash", "-c", script]);
  expect(exitCode).toBe(0);
  return stdout.toString().split("\n").filter(Boolean);
}

test("bash completes commands, options and their values", () => {
  expect(completed("ex")).toEqual(["export"]);
  expect(completed("add", "--pri")).toEqual(["--priority"]);
  expect(completed("add", "--priority", "u")).toEqual(["urgent"]);
  expect(completed("completions", "z")).toEqual(["zsh"]);
});

test("as one program it runs without Bun, packages or the repository, and reads no .env of the folder it is in", async () => {
  const folder = mkdtempSync(join(tmpdir(), "carillon-program-"));
  const { buildProgram } = await import("../build.ts");
  const file = await buildProgram(folder);
  await Bun.write(join(folder, ".env"), "CARILLON_TOKEN=planted\n");
  const env = { HOME: folder };
  const { exitCode, stdout } = Bun.spawnSync([file, "--version"], { cwd: folder, env });
  expect({ exitCode, said: stdout.toString() }).toEqual({ exitCode: 0, said: "carillon 0.1.0\n" });
  expect(Bun.spawnSync([file, "list"], { cwd: folder, env }).exitCode).toBe(3);
  rmSync(folder, { recursive: true, force: true });
}, 30_000);
