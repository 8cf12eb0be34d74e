import { expect, test } from "bun:test";
import { join } from "node:path";
import { createLook } from "./bound-memory.ts";

/** A process that holds `inUse` and some garbage. */
function memoryOf(inUse: number) {
  const memory = {
    inUse,
    garbage: 0,
    collections: 0,
    held: () => memory.inUse + memory.garbage,
    collect() {
      memory.collections++;
      memory.garbage = 0;
    },
  };
  return memory;
}

test("G25: garbage is collected once the process holds more than it should, and not before", () => {
  const memory = memoryOf(120);
  const look = createLook(memory);
  for (memory.garbage = 0; memory.garbage <= 120; memory.garbage += 10) look();
  expect(memory.collections).toBe(0);
  memory.garbage = 121;
  look();
  expect([memory.collections, memory.held()]).toEqual([1, 120]);
});

test("a collection follows another after three looks at the earliest", () => {
  const memory = memoryOf(120);
  const look = createLook(memory);
  const collections = Array.from({ length: 9 }, () => {
    memory.garbage = 200;
    look();
    return memory.collections;
  });
  expect(collections).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3]);
});

test("memory in use is not collected in vain: the next collection waits for a tenth more", () => {
  const memory = memoryOf(300);
  const look = createLook(memory);
  for (let at = 0; at < 20; at++) look();
  expect(memory.collections).toBe(1);
  memory.garbage = 31;
  for (let at = 0; at < 20; at++) look();
  expect(memory.collections).toBe(2);
  memory.inUse = 100;
  look();
  memory.garbage = 150;
  look();
  expect(memory.collections).toBe(3);
});

test("G32: a process whose descriptors are all taken goes on", async () => {
  const program = `
    import { closeSync, openSync } from "node:fs";
    import { boundMemory } from ${JSON.stringify(join(import.meta.dir, "bound-memory.ts"))};
    boundMemory();
    const taken = [];
    try {
      for (;;) taken.push(openSync("/dev/null", "r"));
    } catch {}
    // Some looks.
    await Bun.sleep(350);
    for (const one of taken) closeSync(one);
    console.log(taken.length > 0, "goes on");`;
  const child = Bun.spawn(["sh", "-c", 'ulimit -n 64 && exec "$0" --no-env-file -e "$1"', process.execPath, program], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, failed] = await Promise.all([child.stdout, child.stderr].map((out) => new Response(out).text()));
  expect([said, failed, await child.exited]).toEqual(["true goes on\n", "", 0]);
});
