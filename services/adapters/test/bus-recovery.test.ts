import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { startRelay } from "@carillon/events/publish";
import { type Server, startEmbeddedPostgres } from "@carillon/host/postgres";
import { connect, migrate, migrationFolder, provision, type Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { appendAll, createOutbox, eventOf, inOrder, keepIn } from "@carillon/testing/events";
import { until } from "@carillon/testing/until";
import { localBus } from "../src/local/bus.ts";
import { startDeliveries } from "../src/local/deliveries.ts";
import { localState } from "../src/local/state.ts";
import { auditDoor } from "./bus-under-test.ts";
import { appToken, clock } from "./local-bus-under-test.ts";

setDefaultTimeout(30_000);

const home = mkdtempSync(join(tmpdir(), "carillon-recovery-"));
const start = (port?: number) =>
  startEmbeddedPostgres({ folder: join(home, "cluster"), password: "test", durable: true, port });
let server: Server;
let sql: Sql;

beforeAll(async () => {
  server = await start();
  sql = connect(server.urlOf("postgres"), { max: 8, name: "test-recovery" });
  await provision(sql, "one role");
  for (const schema of ["bus", "state"] as const) await migrate(sql, { schema, folder: migrationFolder(schema) });
  await createOutbox(sql);
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

test.each(["stopped", "killed"] as const)(
  "when PostgreSQL is %s and comes back, relay and bus go on within five seconds and nothing is lost",
  async (how) => {
    const handled: CloudEvent<EventData>[] = [];
    const door = auditDoor({ state: localState({ sql }), appToken }, keepIn(handled));
    const deliveries = startDeliveries({
      sql,
      doors: { audit: door, realtime: door },
      appToken,
      log: silentLog,
      clock,
    });
    const relay = startRelay({ sql, schema: "api", bus: localBus({ sql }), log: silentLog, clock });
    await deliveries.ready;
    const users = Array.from({ length: 30 }, () => crypto.randomUUID());
    await appendAll(
      sql,
      users.flatMap((user) => inOrder(user, 30)),
    );
    await until("it has started", () => handled.length > 0);

    const { port } = server;
    if (how === "stopped") await server.stop();
    else {
      process.kill(server.pid, "SIGKILL");
      await server.ended;
    }
    await Bun.sleep(3_000);
    server = await start(port);
    const backAt = performance.now();
    const asked = await until("the database answers", () =>
      sql`select 1`.then(
        () => true,
        () => false,
      ),
    );
    expect(asked).toBeUndefined();
    await appendAll(
      sql,
      users.map((user) => eventOf(user, 31)),
    );
    await until("everything is handled", () => new Set(handled.map(({ id }) => id)).size === users.length * 31);
    expect(performance.now() - backAt).toBeLessThan(5_000);

    const expected = Array.from({ length: 31 }, (_, at) => at + 1);
    for (const user of users) {
      const own = handled.filter((event) => event.partitionkey === user).map((event) => event.data.change_seq);
      expect([...new Set(own)]).toEqual(expected);
    }
    await relay.stop();
    await deliveries.stop();
    await sql`truncate api.outbox, bus.message, bus.delivery`;
  },
);
