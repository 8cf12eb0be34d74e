import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { until } from "@carillon/testing/until";
import { freeUrls, newDataDir, type ProductUrls, removeDataDir } from "./product.ts";

setDefaultTimeout(60_000);

/** What `npm start` runs. Bun stands in for Node here: the script must run in both. */
const bootstrap = join(import.meta.dir, "../../../dev/bootstrap.mjs");

let dataDir: string;
let urls: ProductUrls;
beforeEach(async () => {
  dataDir = newDataDir();
  urls = await freeUrls();
});
afterEach(() => removeDataDir(dataDir));

function run(options: string[], more: Record<string, string> = {}) {
  const ports = Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_PORT`, new URL(url).port]),
  );
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, DATA_DIR: dataDir, ...ports, ...more };
  return Bun.spawn([process.execPath, bootstrap, ...options], { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`).then(
    (response) => response.ok,
    () => false,
  );

describe("the command that starts everything", () => {
  test("passes options and the exit code on", async () => {
    const child = run(["start", "--nonsense"]);
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toBe(
      'Carillon cannot start: "--nonsense" is not an option of Carillon; there is only --demo.\n',
    );
  });

  test("rejects an unknown command in one sentence", async () => {
    const child = run(["statr"]);
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toEqual(
      expect.stringMatching(/^Carillon cannot start: "statr" is not one of start, dev, test, check, /),
    );
  });

  test("passes SIGTERM on, and the product ends in order", async () => {
    const child = run(["start"]);
    await until("the product answers", () => answers(urls.api), 40_000);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    expect(await answers(urls.api)).toBe(false);
  });

  test("that is killed leaves no product behind that would hold the ports", async () => {
    const child = run(["start"]);
    await until("the product answers", () => answers(urls.api), 40_000);
    child.kill("SIGKILL");
    await until("the product has ended", async () => !(await answers(urls.api)), 40_000);
    expect(await answers(urls.web)).toBe(false);
  });
});
