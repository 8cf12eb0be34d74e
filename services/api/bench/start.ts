import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appTokenHeader } from "@carillon/contracts/names";
import { startEmbeddedPostgres } from "@carillon/host/postgres";
import { connect, migrate, migrationFolder, provision, type Sql } from "@carillon/kit/database";
import { createApp } from "../src/app.ts";
import { noteTransport } from "../src/auth/index.ts";
import type { Passwords } from "../src/auth/password.ts";
import { cheapPasswords, depsForTests } from "../src/testing/deps.ts";

export type Bench = {
  /** The superuser's connections. */
  sql: Sql;
  /** One request without a credential, as `web` sends it for a client at this address. */
  post(path: string, body: unknown, address: string): Promise<Response>;
  /** Signs a user up; returns the headers for their requests. */
  signUp(): Promise<Person>;
  stop(): Promise<void>;
};

export type Person = {
  userId: string;
  /** One request through the door, read to its end; returns its JSON. */
  call<Body>(method: string, path: string, body?: unknown): Promise<Body>;
};

/** As with the folder transport: every address counts as proven. */
async function makeSchema(admin: Sql): Promise<void> {
  await migrate(admin, { schema: "api", folder: migrationFolder("api") });
  await noteTransport({ sql: admin }, false);
}

/**
 * `api` as the product runs it, eight connections wide unless `connectAs` says otherwise, on a
 * PostgreSQL of its own that really writes to disk.
 */
export async function startBench(
  connectAs = (url: string): Sql => connect(url, { max: 8, name: "api" }),
  { passwords = cheapPasswords(), ratePerMinute = 0 }: { passwords?: Passwords; ratePerMinute?: number } = {},
): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "carillon-bench-"));
  const server = await startEmbeddedPostgres({ folder: join(folder, "cluster"), password: "bench", durable: true });
  const admin = connect(server.urlOf("postgres"), { max: 2, name: "bench" });
  let isStopped = false;
  // A failed benchmark leaves no server behind.
  process.once("exit", () => isStopped || process.kill(server.pid, "SIGQUIT"));
  await provision(admin, "one role");
  await makeSchema(admin);
  const sql = connectAs(server.urlOf("postgres"));
  const deps = await depsForTests({ sql, passwords, settings: { appToken: "bench", ratePerMinute } });
  const app = createApp(deps);
  const send = sender(app);
  let people = 0;
  return {
    sql: admin,
    async post(path, body, address) {
      const headers = { "content-type": "application/json", [appTokenHeader]: "bench", "x-forwarded-for": address };
      return app.handle(
        new Request(`http://localhost${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
      );
    },
    async signUp() {
      const body = { email: `person-${++people}@example.com`, password: "correct horse battery" };
      // Sound: the body of sign-up's 201.
      const { user, access_token } = (await send("POST", "/api/signup", "", body)) as {
        user: { id: string };
        access_token: string;
      };
      return {
        userId: user.id,
        // Sound as far as the benchmark reads its own requests' answers.
        call: async <Body>(method: string, path: string, sent?: unknown) =>
          (await send(method, path, access_token, sent)) as Body,
      };
    },
    async stop() {
      await sql.end({ timeout: 1 });
      await admin.end({ timeout: 1 });
      await server.stop();
      isStopped = true;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One request of a signed-in client; an answer that is no success ends the benchmark. */
const sender =
  (app: ReturnType<typeof createApp>) =>
  async (method: string, path: string, token: string, body?: unknown): Promise<unknown> => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await app.handle(new Request(`http://localhost${path}`, { method, headers, ...sent }));
    const answer = await response.json();
    if (response.status >= 400)
      throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  };

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The value below which that share of the times is, in milliseconds. */
export const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
