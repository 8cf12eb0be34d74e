import { expect, test } from "bun:test";
import { join } from "node:path";
import { pythonWithDateutil } from "../compare/python.ts";

const series = 250;

// Without Python it is told of as a test that did not run.
test.if(pythonWithDateutil() !== null)(
  `python-dateutil makes the same dates of ${series} made-up series (G16); compare/compare.ts asks for thousands`,
  async () => {
    const script = join(import.meta.dir, "../compare/compare.ts");
    const child = Bun.spawn([process.execPath, script, String(series), "11"], { stdout: "pipe", stderr: "pipe" });
    const said = await new Response(child.stdout).text();
    expect(said).toContain(`${series} series in 17 zones`);
    expect(said).toContain(": 0 differ from python-dateutil.");
    expect(await child.exited).toBe(0);
  },
  120_000,
);
