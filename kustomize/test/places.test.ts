import { expect, test } from "bun:test";
import { placeLaws } from "../src/places/laws.ts";
import { placeNames, readPlace } from "../src/places/place.ts";
import { kustomizeCommand } from "../src/render.ts";

const command = kustomizeCommand();
if (command === null) process.stderr.write("*** The platforms were NOT judged: there is no kustomize. ***\n");
else
  for (const name of placeNames)
    test(`${name} would come up, and what is promised of it is so`, () => {
      const place = readPlace(command, name);
      const faults = Object.entries(placeLaws).flatMap(([law, judge]) =>
        judge(place).map((fault) => `${law}: ${fault}`),
      );
      expect(faults).toEqual([]);
    });
