import { expect, test } from "bun:test";
import { readParameters } from "./parameters.ts";
import { Problem } from "./problem.ts";

const declared = { id: "id", file: "name", token: "secret" } as const;
const id = "018f0000-0000-7000-8000-000000000000";

test("ids and names may be logged, secrets may not", () => {
  expect(readParameters(declared, { id, file: "a.css", token: "opens-a-door" })).toEqual({ id, file: "a.css" });
});

test.each(["export", ".", "..", "", "a/b", `${id}x`, `{${id}}`, "null", "\u0000"])(
  "the id %j is invalid: 404",
  (given) => {
    expect(() => readParameters(declared, { id: given })).toThrow(Problem);
  },
);

test("an undeclared parameter is a defect, also under a name that every object has", () => {
  for (const name of ["other", "constructor", "__proto__"])
    expect(() => readParameters(declared, Object.fromEntries([[name, id]]))).toThrow("is not declared");
});
