import { expect, test } from "bun:test";
import { placeLaws } from "../src/places/laws.ts";
import { type PlaceMutant, plant } from "../src/places/mutants.ts";
import { readPlace } from "../src/places/place.ts";
import { kustomizeCommand } from "../src/render.ts";
import { chartMutants } from "./mutants/charts.ts";
import { cloudMutants } from "./mutants/clouds.ts";
import { networkMutants } from "./mutants/network.ts";
import { releaseMutants } from "./mutants/releases.ts";

const command = kustomizeCommand();
const mutants: PlaceMutant[] = [...chartMutants, ...cloudMutants, ...networkMutants, ...releaseMutants];

if (command === null) process.stderr.write("*** The laws of platforms were NOT tried: there is no kustomize. ***\n");
else {
  for (const { finding, law, place, at, says } of mutants)
    test(`it is seen on ${place} when ${finding}`, () => {
      const judge = placeLaws[law];
      const whole = readPlace(command, place);
      const before = judge?.(whole) ?? [];
      expect(judge?.(plant(whole, at)).filter((one) => !before.includes(one))).toContain(says);
    });

  test("every law of a platform sees a mistake", () => {
    const tried = new Set(mutants.map(({ law }) => law));
    expect(Object.keys(placeLaws).filter((law) => !tried.has(law))).toEqual([]);
  });
}
