import { expect } from "bun:test";
import { drillRestore } from "../../src/drill/restore-drill.ts";
import { testIn } from "../../src/test-in.ts";

testIn(
  "embedded",
  "the drill starts a product and a database of its own",
  "a dropped database comes back from a copy and its log, up to the instant before, with every promise kept",
  async () => {
    const { lost, surplus, broken, rings } = await drillRestore(300, () => {});
    expect({ lost, surplus, broken, rings }).toEqual({ lost: [], surplus: [], broken: {}, rings: 1 });
  },
  300_000,
);
