import { expect, test } from "bun:test";
import { join } from "node:path";
import { apiReference, apiYaml } from "./api-pages.ts";
import { describeApi } from "./describe-api.ts";

const page = (name: string): Promise<string> => Bun.file(join(import.meta.dir, "../../../../docs", name)).text();

test("docs/api.yaml and docs/api-reference.md say what the routes say", async () => {
  const description = await describeApi();
  expect(await page("api.yaml")).toBe(apiYaml(description));
  expect(await page("api-reference.md")).toBe(apiReference(description));
});

test("the committed description is the served one, read back", async () => {
  const description = await describeApi();
  expect(Bun.YAML.parse(apiYaml(description))).toEqual(description);
});

test("every operation is in the reference, with a summary and under a heading", async () => {
  const description = await describeApi();
  const text = apiReference(description);
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
  expect(operations.length).toBeGreaterThan(30);
  expect(operations.filter(({ operation }) => !operation.summary).map(({ name }) => name)).toEqual([]);
  expect(operations.filter(({ name }) => !text.includes(`### ${name}\n`)).map(({ name }) => name)).toEqual([]);
});
