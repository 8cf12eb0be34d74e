import { expect, test } from "bun:test";
import { join } from "node:path";

const web = join(import.meta.dir, "..");

test("public/app.css is the current output of src/app.css", async () => {
  const command = [
    process.execPath,
    "x",
    "--no-install",
    "tailwindcss",
    "--input",
    "src/app.css",
    "--output",
    "-",
    "--minify",
  ];
  const made = Bun.spawnSync(command, { cwd: web, stdout: "pipe", stderr: "pipe" });
  expect(made.exitCode).toBe(0);
  const committed = await Bun.file(join(web, "public/app.css")).text();
  expect(made.stdout.toString().trim() === committed.trim()).toBe(true);
});

test("every script of the pages stays under 250 lines", async () => {
  for await (const name of new Bun.Glob("*.js").scan(join(web, "public"))) {
    const text = await Bun.file(join(web, "public", name)).text();
    expect({ name, long: text.split("\n").length > 250 }).toEqual({ name, long: false });
  }
});
