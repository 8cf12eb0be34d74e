import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, startEmbeddedPostgres } from "@carillon/host/postgres";
import { watchSockets } from "@carillon/testing/abort-sockets";
import { selfSigned } from "@carillon/testing/certificate";
import { until } from "@carillon/testing/until";
import postgres from "postgres";
import { connect } from "../src/database/connect.ts";
import { type Deadlines, usualDeadlines } from "../src/database/lane.ts";
import { isDatabaseAway } from "../src/database/trouble.ts";

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "carillon-encrypted-"));
const certificateFile = join(folder, "server.crt");
let server: Server;
beforeAll(async () => {
  const files = join(folder, "pg");
  server = await startEmbeddedPostgres({ folder: files, password: "carillon-encrypted", durable: false });
  const { key, certificate } = selfSigned(new Date());
  const { uid, gid } = statSync(files);
  for (const [name, text] of Object.entries({ "server.key": key, "server.crt": certificate })) {
    writeFileSync(join(files, name), text);
    chmodSync(join(files, name), 0o600);
    chownSync(join(files, name), uid, gid);
  }
  writeFileSync(certificateFile, certificate);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function offerEncryption(isOn: boolean): Promise<void> {
  const admin = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
  await admin.unsafe(`alter system set ssl = ${isOn ? "on" : "off"}`);
  await admin`select pg_reload_conf()`;
  await until("the server has heard", async () => {
    const [row] = await admin<{ ssl: string }[]>`select current_setting('ssl') as ssl`;
    return row?.ssl === (isOn ? "on" : "off");
  });
  await admin.end();
}

const asked = (query: string, host = "localhost"): string => {
  const url = new URL(`${server.urlOf("postgres")}?${query}`);
  url.hostname = host;
  return url.href;
};

/** Whether the connection is encrypted, as the server sees it. */
async function isEncrypted(url: string, deadlines?: Deadlines): Promise<boolean> {
  const sql = connect(url, { max: 1, name: "encrypted", ...(deadlines ? { deadlines } : {}) });
  try {
    const [row] = await sql<{ ssl: boolean }[]>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
    return row?.ssl ?? false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

test("a server that offers encryption: require, prefer and direct negotiation get it, no word of it does not", async () => {
  await offerEncryption(true);
  expect(await isEncrypted(asked("sslmode=require"))).toBe(true);
  expect(await isEncrypted(asked("sslmode=require", "127.0.0.1"))).toBe(true);
  expect(await isEncrypted(asked("sslmode=prefer"))).toBe(true);
  expect(await isEncrypted(asked("sslmode=require&sslnegotiation=direct"))).toBe(true);
  expect(await isEncrypted(asked("sslmode=disable"))).toBe(false);
  expect(await isEncrypted(server.urlOf("postgres"))).toBe(false);
});

test("verify-full takes no certificate that nothing vouches for, and the one that the environment names", async () => {
  await offerEncryption(true);
  const refusal = await isEncrypted(asked("sslmode=verify-full")).catch((error: unknown) => error);
  expect(String(refusal)).toContain("self signed certificate");
  const script = `
    const { connect } = await import(${JSON.stringify(join(import.meta.dir, "../src/database/connect.ts"))});
    const sql = connect(${JSON.stringify(asked("sslmode=verify-full"))}, { max: 1, name: "verified" });
    const [row] = await sql\`select ssl from pg_stat_ssl where pid = pg_backend_pid()\`;
    console.log(row.ssl);
    await sql.end();`;
  const env = { PATH: Bun.env.PATH ?? "", NODE_EXTRA_CA_CERTS: certificateFile };
  const { stdout, stderr } = Bun.spawnSync([process.execPath, "--no-env-file", "-e", script], { env });
  expect([stdout.toString().trim(), stderr.toString()]).toEqual(["true", ""]);
});

test("a server that offers none: require fails with a sentence that says so, prefer goes on without", async () => {
  await offerEncryption(false);
  const refusal = await isEncrypted(asked("sslmode=require")).catch((error: unknown) => error);
  expect(String(refusal)).toContain("offers no encryption, which DATABASE_URL asks for");
  expect(await isEncrypted(asked("sslmode=prefer"))).toBe(false);
});

test("G23: encrypted connections that are aborted end their statements, and the next ones work", async () => {
  await offerEncryption(true);
  const sockets = watchSockets();
  const sql = connect(asked("sslmode=require", "127.0.0.1"), { max: 3, name: "aborted" });
  try {
    const sleepers = [1, 2, 3].map(() =>
      sql`select pg_sleep(20)`.then(
        () => null,
        (error: unknown) => error,
      ),
    );
    const admin = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
    const asleep = async () => {
      const [row] = await admin<{ count: number }[]>`
        select count(*)::int as count from pg_stat_activity where wait_event = 'PgSleep'`;
      return row?.count ?? 0;
    };
    await until("all are asleep", async () => (await asleep()) === 3);
    await admin.end();
    expect(sockets.abort(server.port)).toBeGreaterThanOrEqual(3);
    for (const error of await Promise.all(sleepers)) expect(isDatabaseAway(error)).toBe(true);
    expect((await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`)[0]?.ssl).toBe(true);
  } finally {
    sockets.stop();
    await sql.end({ timeout: 1 });
  }
});

test("G23: a server that takes connections and never says whether it encrypts is away when the deadline has passed", async () => {
  const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const url = `postgres://carillon:x@127.0.0.1:${silent.port}/postgres?sslmode=require`;
  const error = await isEncrypted(url, { ...usualDeadlines, lookMs: 50, connectMs: 200 }).catch(
    (cause: unknown) => cause,
  );
  expect(isDatabaseAway(error)).toBe(true);
  silent.stop(true);
});
