import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { demoAccount } from "../src/demo.ts";
import { demoWeek } from "../src/demo-week.ts";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./product.ts";

setDefaultTimeout(60_000);

const dataDir = newDataDir();
let product: RunningProduct;
// Far fewer than the calls it takes: the limit must not stop the demo.
const start = (): Promise<RunningProduct> =>
  startProduct({ dataDir, options: ["--demo"], environment: { RATE_LIMIT_PER_MINUTE: "30" } });

beforeAll(async () => {
  product = await start();
});
afterAll(async () => {
  await product.stop();
  removeDataDir(dataDir);
});

type Listed = { data: { title: string; status: string }[] };

async function week(): Promise<Listed["data"]> {
  const headers = { "content-type": "application/json" };
  const signedIn = await fetch(`${product.urls.api}/api/signin`, {
    method: "POST",
    headers,
    body: JSON.stringify(demoAccount),
  });
  const { access_token }: { access_token: string } = JSON.parse(await signedIn.text());
  const list = await fetch(`${product.urls.api}/api/tasks?limit=100`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  const page: Listed = JSON.parse(await list.text());
  return page.data;
}

test("--demo adds a user whose credentials are printed, with a week of tasks", async () => {
  expect(product.output()).toContain(`sign in as ${demoAccount.email}, password ${demoAccount.password}`);
  const tasks = await week();
  expect(tasks.map((task) => task.title).sort()).toEqual(
    demoWeek
      .filter((task) => !task.isTrashed)
      .map((task) => task.title)
      .sort(),
  );
  const done = tasks.filter((task) => task.status === "completed").map((task) => task.title);
  expect(done.sort()).toEqual(
    demoWeek
      .filter((task) => task.isDone)
      .map((task) => task.title)
      .sort(),
  );
});

test("--demo again adds nothing to what is there", async () => {
  const before = await week();
  await product.stop();
  product = await start();
  expect(await week()).toEqual(before);
});
