import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { until } from "@carillon/testing/until";
import { type ProductUrls, type RunningProduct, removeDataDir, startProduct } from "./product.ts";

setDefaultTimeout(120_000);

/** The loops of each service, which is not ready while one of them is stuck; web and audit have none of their own. */
const loops = {
  api: ["relay", "housekeeping"],
  notification: ["sending reminders", "setting alarms", "reporting to api", "sweeping reminders"],
  recurring: ["sweeping completions"],
  realtime: ["ticking streams", "rechecking sessions", "watching for ended sessions"],
};
const names = Object.values(loops).flat();

let product: RunningProduct;
beforeAll(async () => {
  const preload = join(import.meta.dir, "stuck-loops-preload.ts");
  product = await startProduct({ preload, environment: { STUCK_LOOPS: names.join(",") } });
});
afterAll(async () => {
  await product.stop();
  removeDataDir(product.dataDir);
});

/** What a service says of its loops: at `GET /health`, sorted. */
async function stuckOf(url: string): Promise<string[]> {
  const { loops: said } = (await (await fetch(`${url}/health`)).json()) as { loops: string };
  return said.startsWith("stuck: ") ? said.slice("stuck: ".length).split(", ").sort() : [];
}

test.each(Object.entries(loops))(
  "G23: %s is not ready while its loops are stuck, names them, and lives",
  async (service, own) => {
    // Sound: a key of the table above.
    const url = product.urls[service as keyof ProductUrls];
    await until("all are stuck", async () => (await stuckOf(url)).length === own.length, 30_000);
    expect(await stuckOf(url)).toEqual(own.toSorted());
    for (const path of ["/health/ready", "/ready"]) {
      const refusal = await fetch(url + path);
      expect([path, refusal.status, refusal.headers.get("retry-after")]).toEqual([path, 503, "2"]);
      const { detail } = (await refusal.json()) as { detail: string };
      for (const name of own) expect(detail).toContain(name);
    }
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  },
);

test("G23: a service without stuck loops is ready beside those that have some", async () => {
  for (const url of [product.urls.web, product.urls.audit])
    expect([(await fetch(`${url}/health/ready`)).status, await stuckOf(url)]).toEqual([200, []]);
});

test("a stuck loop is abandoned, started again and counted", async () => {
  const line = () =>
    product
      .output()
      .split("\n")
      .filter((one) => one.includes("a turn did not end and was abandoned"));
  for (const name of names)
    await until(`${name} is in the log`, () => line().some((one) => one.includes(name)), 30_000);
  const figures = await (await fetch(`${product.urls.api}/metrics`)).text();
  for (const name of names)
    expect(figures).toMatch(new RegExp(`loop_restarts_total\\{[^}]*loop="${name}"[^}]*\\} [1-9]`));
});
