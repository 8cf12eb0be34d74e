import { expect, test } from "bun:test";
import { join } from "node:path";
import { zoneRelease } from "@carillon/calendar/zone";
import { pythonWithDateutil } from "../compare/python.ts";

const series = 250;

// Without Python it is reported as a test that did not run.
test.if(pythonWithDateutil() !== null)(
  `python-dateutil computes the same dates for ${series} generated series (G16); compare/compare.ts runs thousands`,
  async () => {
    const script = join(import.meta.dir, "../compare/compare.ts");
    const child = Bun.spawn([process.execPath, script, String(series), "11"], { stdout: "pipe", stderr: "pipe" });
    const said = await new Response(child.stdout).text();
    expect(said).toMatch(new RegExp(`^${series} series in [0-9]{2,} zones of ${zoneRelease()},`, "m"));
    expect(said).toContain(": 0 differ from python-dateutil.");
    expect(await child.exited).toBe(0);
  },
  120_000,
);
