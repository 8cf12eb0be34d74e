import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const home = mkdtempSync(join(tmpdir(), "carillon-binaries-"));
chmodSync(home, 0o777);
afterAll(() => {
  Bun.spawnSync(["chmod", "-R", "u+w", home]);
  rmSync(home, { recursive: true, force: true });
});

let packaged: string;
let copies: string;
let count = 0;
beforeEach(() => {
  const place = join(home, String(count++));
  packaged = join(place, "package", "native");
  copies = join(place, "copies");
  for (const folder of ["bin", "lib", "share/postgresql"]) mkdirSync(join(packaged, folder), { recursive: true });
  mkdirSync(copies);
  chmodSync(copies, 0o777);
  writeFileSync(join(packaged, "..", "package.json"), '{"version":"18.4.0"}');
  writeFileSync(join(packaged, "bin", "postgres"), "a program", { mode: 0o755 });
  writeFileSync(join(packaged, "lib", "libpq.so.5.18"), "a library");
  writeFileSync(join(packaged, "share", "postgresql", "words"), "data");
  const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }];
  writeFileSync(join(packaged, "pg-symlinks.json"), JSON.stringify(links));
});

/** The path of `postgres`, requested by a user who is bound by file modes: root writes everywhere. */
function askAsOrdinaryUser(): string {
  const module = join(import.meta.dir, "../src/postgres/binaries.ts");
  const program = `const { findBinaries } = await import(${JSON.stringify(module)});
    console.log(findBinaries(${JSON.stringify(copies)}, ${JSON.stringify(packaged)}).postgres);`;
  const ids = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const asked = Bun.spawnSync([process.execPath, "-e", program], {
    ...ids,
    cwd: "/tmp",
    env: { HOME: "/tmp", PATH: "/usr/bin:/bin" },
  });
  if (!asked.success) throw new Error(asked.stderr.toString());
  return asked.stdout.toString().trim();
}

const closeForWriting = (): void => {
  Bun.spawnSync(["chmod", "-R", "a-w", packaged]);
};

describe("the server's programs", () => {
  test("get the links that an npm archive cannot hold, once", () => {
    Bun.spawnSync(["chmod", "-R", "a+rwX", packaged]);
    expect(askAsOrdinaryUser()).toBe(join(packaged, "bin", "postgres"));
    expect(readlinkSync(join(packaged, "lib", "libpq.so.5"))).toBe("libpq.so.5.18");
    expect(readdirSync(copies)).toEqual([]);
  });

  test("are used as they are if the folder is read-only and nothing is missing", () => {
    Bun.spawnSync(["ln", "-s", "libpq.so.5.18", join(packaged, "lib", "libpq.so.5")]);
    closeForWriting();
    expect(askAsOrdinaryUser()).toBe(join(packaged, "bin", "postgres"));
    expect(readdirSync(copies)).toEqual([]);
  });

  test("are copied if the package is read-only, and the copy is found again", () => {
    closeForWriting();
    mkdirSync(join(copies, "postgres-package-18.4.0.part-1", "native"), { recursive: true });
    chmodSync(join(copies, "postgres-package-18.4.0.part-1"), 0o777);
    const copy = join(copies, "postgres-package-18.4.0");
    expect(askAsOrdinaryUser()).toBe(join(copy, "bin", "postgres"));
    expect(readlinkSync(join(copy, "lib", "libpq.so.5"))).toBe("libpq.so.5.18");
    expect(existsSync(join(copy, "share", "postgresql", "words"))).toBe(true);
    const made = lstatSync(copy).ctimeMs;
    expect(askAsOrdinaryUser()).toBe(join(copy, "bin", "postgres"));
    expect(lstatSync(copy).ctimeMs).toBe(made);
    expect(readdirSync(copies)).toEqual(["postgres-package-18.4.0"]);
  });
});
