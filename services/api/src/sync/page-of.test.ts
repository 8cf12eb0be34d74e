import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { pageOf } from "./sync-changes.ts";

const changes = fc
  .array(fc.record({ step: fc.integer({ min: 0, max: 2 }), bytes: fc.integer({ min: 100, max: 400_000 }) }), {
    maxLength: 501,
  })
  .map((all) => {
    let seq = 1;
    return all.map(({ step, bytes }) => {
      seq += step;
      return { seq, bytes };
    });
  });

test("G25: any changes: a page is a prefix, is not empty, splits no number, and ends soon after half a megabyte", () => {
  fc.assert(
    fc.property(changes, (all) => {
      const page = pageOf(all);
      expect(page).toEqual(all.slice(0, page.length));
      if (all.length > 0) expect(page.length).toBeGreaterThan(0);
      const next = all[page.length];
      if (next) expect(next.seq).toBeGreaterThan(page.at(-1)?.seq ?? 0);
      const first = page[0]?.seq;
      const isOneNumber = page.every(({ seq }) => seq === first);
      const bytes = page.slice(0, -1).reduce((sum, one) => sum + one.bytes, 0);
      if (!isOneNumber) expect(bytes).toBeLessThan(500_000);
    }),
  );
});
