import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { stallingProxy } from "@carillon/testing/stalling-proxy";
import { until } from "@carillon/testing/until";
import { type Slots, shareSlots } from "../src/publish/slots/slots.ts";

setDefaultTimeout(30_000);

let database: TestDatabase;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await testDatabase({ migrations: [] });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => database.close());

function replica(purpose: string, url = database.urlFor("api")): Slots {
  const sql = connect(url, { max: 1, name: `slots-${purpose}` });
  const slots = shareSlots({ sql, purpose, log: silentLog });
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= slots.stop().then(() => sql.end({ timeout: 1 }));
    return stopped;
  };
  closing.push(stop);
  return { ...slots, stop };
}

const all = Array.from({ length: 12 }, (_, slot) => slot);
const sorted = (...some: Slots[]) => some.flatMap((slots) => slots.mine()).sort((a, b) => a - b);

test("a replica alone leads every slot at once", async () => {
  const only = replica("alone");
  await until("it leads all", () => only.mine().length === 12);
  expect(only.mine()).toEqual(all);
});

test("replicas share fairly as they come and go, and no slot ever has two leaders", async () => {
  const [first, second, third] = [replica("fair"), replica("fair"), replica("fair")];
  const replicas = [first, second, third];
  let mostLeaders = 0;
  const watching = setInterval(() => {
    for (const slot of all) {
      mostLeaders = Math.max(mostLeaders, replicas.filter((one) => one.mine().includes(slot)).length);
    }
  }, 1);
  await until("each leads four", () => replicas.every((one) => one.mine().length === 4));
  expect(sorted(...replicas)).toEqual(all);
  await second.stop();
  await until("the others lead six each", () => first.mine().length === 6 && third.mine().length === 6);
  expect(sorted(first, third)).toEqual(all);
  clearInterval(watching);
  expect(mostLeaders).toBe(1);
});

test("purposes do not share with each other", async () => {
  const [one, other] = [replica("one"), replica("other")];
  await until("both lead all", () => one.mine().length === 12 && other.mine().length === 12);
  await Bun.sleep(1_200);
  expect([one.mine().length, other.mine().length]).toEqual([12, 12]);
});

test("the slots of a killed process have another leader within two seconds", async () => {
  const script = join(import.meta.dir, "slot-process.ts");
  const child = Bun.spawn([process.execPath, script, database.urlFor("api"), "killed"], { stdout: "pipe" });
  closing.push(async () => child.kill("SIGKILL"));
  await child.stdout.getReader().read();
  const heir = replica("killed");
  await until("the heir has its half", () => heir.mine().length === 6);
  child.kill("SIGKILL");
  const killedAt = performance.now();
  await until("the heir has all", () => heir.mine().length === 12);
  expect(performance.now() - killedAt).toBeLessThan(2_000);
});

test("a slot is not given away while it is worked on", async () => {
  const first = replica("busy");
  await until("it leads all", () => first.mine().length === 12);
  const lease = first.enter(all);
  const second = replica("busy");
  await until("the first offers its half", () => first.mine().length === 6);
  await Bun.sleep(1_500);
  expect(second.mine()).toEqual([]);
  expect(lease.lost()).toBe(false);
  lease.leave();
  await until("the second has its half", () => second.mine().length === 6);
  expect(sorted(first, second)).toEqual(all);
});

test("a lost connection ends all leadership at once, and it is regained by itself", async () => {
  const only = replica("cut");
  await until("it leads all", () => only.mine().length === 12);
  const lease = only.enter([0, 1]);
  const [cut] = await database.sql`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and objid = 1000 and database = (select oid from pg_database where datname = current_database())`;
  expect(cut).toBeDefined();
  const cutAt = performance.now();
  await until("the work is notified", () => lease.lost());
  expect(performance.now() - cutAt).toBeLessThan(200);
  await until("it leads all again", () => only.mine().length === 12);
  expect(performance.now() - cutAt).toBeLessThan(2_000);
  expect(lease.lost()).toBe(true);
  expect(only.enter([0, 1]).lost()).toBe(false);
});

test("a silent connection counts as lost before the server gives its slots away", async () => {
  const proxy = stallingProxy(database.urlFor("api"));
  closing.push(async () => proxy.stop());
  const only = replica("stalled", proxy.url);
  await until("it leads all", () => only.mine().length === 12);
  const lease = only.enter([3]);
  proxy.stall(true);
  const stalledAt = performance.now();
  await until("the work is notified", () => lease.lost());
  expect(performance.now() - stalledAt).toBeLessThan(5_000);
  expect(only.mine()).toEqual([]);
});
