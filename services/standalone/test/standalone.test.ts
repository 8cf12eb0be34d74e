import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  newDataDir,
  type ProductOptions,
  type RunningProduct,
  refusedStart,
  removeDataDir,
  startProduct,
} from "./product.ts";

setDefaultTimeout(60_000);

const running: RunningProduct[] = [];
const folders: string[] = [];
const folder = (): string => {
  const path = newDataDir();
  folders.push(path);
  return path;
};
const start = async (options: ProductOptions = {}): Promise<RunningProduct> => {
  const product = await startProduct({ dataDir: folder(), ...options });
  running.push(product);
  return product;
};
afterEach(async () => {
  for (const product of running.splice(0)) await product.stop();
  for (const path of folders.splice(0)) removeDataDir(path);
});

const account = { email: "ada@example.com", password: "correct horse battery" };
const post = (url: string, body: unknown, token = "", more: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}), ...more },
    body: JSON.stringify(body),
  });
const tokenOf = async (response: Response): Promise<string> => {
  const body: { access_token?: string } = JSON.parse(await response.text());
  return body.access_token ?? "";
};
const titles = async (product: RunningProduct, token: string): Promise<string[]> => {
  const response = await fetch(`${product.urls.api}/api/tasks`, { headers: { authorization: `Bearer ${token}` } });
  const page: { data: { title: string }[] } = JSON.parse(await response.text());
  return page.data.map((task) => task.title).sort();
};
const databasePid = (product: RunningProduct): number =>
  Number(readFileSync(join(product.dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
/** A process that has ended and that nobody has asked about yet (a zombie) is not alive. */
const isAlive = (pid: number): boolean =>
  /^[^Z]/.test(
    Bun.spawnSync(["ps", "-o", "stat=", "-p", String(pid)])
      .stdout.toString()
      .trim(),
  );

describe("one command", () => {
  test("serves all six services, and says where", async () => {
    const product = await start();
    for (const url of Object.values(product.urls)) expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(product.output()).toContain(`Carillon is ready at ${product.urls.web}/`);
    expect(product.output()).toContain(`mail in ${join(product.dataDir, "mail")}`);
  });

  test("SIGTERM ends it in order: exit code 0, no database left behind, no complaint", async () => {
    const product = await start();
    const database = databasePid(product);
    expect(await product.stop()).toBe(0);
    expect(isAlive(database)).toBe(false);
    expect(product.output()).not.toContain('"level"');
  });

  test("SIGTERM ends it within its time also while somebody holds a stream open", async () => {
    const product = await start();
    const token = await tokenOf(await post(`${product.urls.api}/api/signup`, account));
    const stream = await fetch(`${product.urls.realtime}/stream`, { headers: { authorization: `Bearer ${token}` } });
    expect(stream.status).toBe(200);
    const startedAt = performance.now();
    expect(await product.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    await stream.body?.cancel().catch(() => {});
  });

  test("keeps its secrets where only their owner reads them, and keeps them the same", async () => {
    const first = await start();
    const file = join(first.dataDir, "secrets.json");
    const secrets = readFileSync(file, "utf8");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.stop();
    const second = await start({ dataDir: first.dataDir });
    expect(readFileSync(file, "utf8")).toBe(secrets);
    await second.stop();
  });
});

describe("kill -9", () => {
  test("of the product loses nothing that was answered: the next start finds it, and the token still counts", async () => {
    const first = await start();
    const token = await tokenOf(await post(`${first.urls.api}/api/signup`, account));
    const answers = Array.from({ length: 20 }, (_, n) =>
      post(`${first.urls.api}/api/tasks`, { title: `Task ${n}` }, token),
    );
    const answered: string[] = [];
    for (const answer of answers) {
      const response = await answer;
      expect(response.status).toBe(201);
      const task: { title: string } = JSON.parse(await response.text());
      answered.push(task.title);
    }
    const database = databasePid(first);
    await first.kill();
    expect(isAlive(database)).toBe(true);
    const second = await start({ dataDir: first.dataDir, urls: first.urls });
    expect(isAlive(database)).toBe(false);
    expect(await titles(second, token)).toEqual(answered.sort());
  });

  test("of the database is mended while the product runs", async () => {
    const product = await start();
    const token = await tokenOf(await post(`${product.urls.api}/api/signup`, account));
    expect((await post(`${product.urls.api}/api/tasks`, { title: "Before" }, token)).status).toBe(201);
    process.kill(databasePid(product), "SIGKILL");
    // Answers of 503 in between are right; the key makes one task of all attempts.
    const again = { "idempotency-key": "after" };
    const attempt = async (): Promise<number> =>
      (await post(`${product.urls.api}/api/tasks`, { title: "After" }, token, again)).status;
    for (let waitedMs = 0; waitedMs < 15_000 && (await attempt()) !== 201; waitedMs += 200) await Bun.sleep(200);
    expect(await titles(product, token)).toEqual(["After", "Before"]);
  });
});

describe("what is wrong is one sentence, and exit code 1", () => {
  const sentence = async (options: ProductOptions): Promise<string> => {
    const { exitCode, output } = await refusedStart({ dataDir: folder(), ...options });
    expect(exitCode).toBe(1);
    expect(output.trim().split("\n")).toHaveLength(1);
    return output.trim().replace("Carillon cannot start: ", "");
  };

  test("a port in use", async () => {
    const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const port = String(taken.port);
    expect(await sentence({ environment: { AUDIT_PORT: port } })).toBe(
      `Port ${port} is in use by another program; stop it or set AUDIT_PORT to a free port.`,
    );
    await taken.stop(true);
  });

  test("two services on one port", async () => {
    expect(await sentence({ environment: { API_PORT: "8123", AUDIT_PORT: "8123" } })).toBe(
      "AUDIT_PORT is 8123, which another service has already; give each its own.",
    );
  });

  test.each([
    [{ WEB_PORT: "http" }, 'WEB_PORT is "http"; it must be a whole number from 1 to 65535.'],
    [{ LOG_LEVEL: "loud" }, 'LOG_LEVEL is "loud"; it must be one of debug, info, warn, error.'],
    [{ JWT_SECRET: "short" }, "JWT_SECRET is too weak: it has 5 characters and needs at least 32."],
    [{ APP_API_TOKEN: "short" }, "APP_API_TOKEN is too weak: it has 5 characters and needs at least 16."],
    [{ PUBLIC_URL: "carillon" }, 'PUBLIC_URL is "carillon"; it must be an http(s) address.'],
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL must look like postgres://user:password@host:5432/database."],
  ])("a bad setting: %p", async (environment, expected) => {
    expect(await sentence({ environment })).toBe(expected);
  });

  test("an unknown option", async () => {
    expect(await sentence({ options: ["--dmeo"] })).toBe('"--dmeo" is no option of Carillon; there is only --demo.');
  });

  test("a DATA_DIR that cannot be one", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const reason = `DATA_DIR is ${file}/data, which this user cannot write (a part of it is a file)`;
    expect(await sentence({ dataDir: `${file}/data` })).toBe(`${reason}; choose another folder or change its owner.`);
  });

  test("a second product on the same DATA_DIR, and the first is not harmed", async () => {
    const first = await start();
    expect(await sentence({ dataDir: first.dataDir })).toBe(
      `Another Carillon is running on ${first.dataDir}; stop it, or set DATA_DIR to another folder.`,
    );
    expect((await fetch(`${first.urls.api}/ready`)).status).toBe(200);
  });

  test("a database that is not there, without its password in the sentence", async () => {
    const url = "postgres://ada:secret@127.0.0.1:9/things";
    expect(await sentence({ environment: { DATABASE_URL: url } })).toBe(
      "DATABASE_URL names 127.0.0.1:9, where no PostgreSQL answers (ECONNREFUSED).",
    );
  });

  test("a start that fails leaves no database running", async () => {
    const dataDir = folder();
    const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    await refusedStart({ dataDir, environment: { WEB_PORT: String(taken.port) } });
    await taken.stop(true);
    expect(existsSync(join(dataDir, "postgres", "PG_VERSION"))).toBe(true);
    expect(existsSync(join(dataDir, "postgres", "postmaster.pid"))).toBe(false);
  });

  test("secrets that are no longer what was written", async () => {
    const dataDir = folder();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, "secrets.json"), "{");
    expect(await sentence({ dataDir })).toBe(
      `${join(dataDir, "secrets.json")} cannot be read as the secrets Carillon wrote there; put it back from a backup.`,
    );
  });
});
