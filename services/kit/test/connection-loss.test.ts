import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { testDatabase } from "@carillon/testing/database";
import { stallingProxy } from "@carillon/testing/stalling-proxy";
import { connect } from "../src/database/connect.ts";

setDefaultTimeout(30_000);

test("a connection lost during the driver's own query does not end the process: later connections do not send it", async () => {
  const database = await testDatabase({ migrations: [] });
  const proxy = stallingProxy(database.urlFor("api"));
  const sql = connect(proxy.url, { max: 4, name: "lost" });
  const sleepers = () =>
    Promise.all([1, 2, 3, 4].map((number) => sql`select pg_sleep(0.05), ${number}::int as number`));
  await sql`select 1`;
  // The driver's query for the types of arrays; its failure would be an unhandled rejection.
  proxy.cutAt("pg_catalog.pg_type");
  const answers = await sleepers();
  expect(answers.map(([row]) => row?.number)).toEqual([1, 2, 3, 4]);
  expect(await sql`select ${[1, 2]}::int[] as list`).toMatchObject([{ list: [1, 2] }]);
  await sql.end({ timeout: 1 });
  proxy.stop();
  await database.close();
});

test("the first connection lost during the driver's own query is replaced, and that query's failure reaches no caller", async () => {
  const database = await testDatabase({ migrations: [] });
  const proxy = stallingProxy(database.urlFor("api"));
  const sql = connect(proxy.url, { max: 1, name: "first" });
  const orphans: unknown[] = [];
  const note = (error: unknown) => void orphans.push(error);
  process.on("unhandledRejection", note);
  proxy.cutAt("pg_catalog.pg_type");
  const first = sql`select 1`.then(
    () => "answered",
    () => "away",
  );
  expect(await first).toBe("away");
  proxy.cutAt("no text that is sent");
  expect(await sql`select ${[1, 2]}::int[] as list`).toMatchObject([{ list: [1, 2] }]);
  await Bun.sleep(20);
  process.off("unhandledRejection", note);
  expect(orphans).toEqual([]);
  await sql.end({ timeout: 1 });
  proxy.stop();
  await database.close();
});

test("G32: a new connection whose question for types is refused fails its statement, and not the process", async () => {
  const database = await testDatabase({ migrations: [] });
  await database.sql`revoke select on pg_catalog.pg_type from public`;
  const file = (path: string) => JSON.stringify(join(import.meta.dir, "../src", path));
  const program = `
    import { connect } from ${file("database/connect.ts")};
    import { standLastFence } from ${file("service/last-fence.ts")};
    const say = (message) => console.log(message);
    standLastFence({ debug: say, info: say, warn: say, error: say }, (code) => process.exit(code));
    const sql = connect(${JSON.stringify(database.urlFor("api"))}, { max: 1, name: "refused" });
    await sql\`select 1\`.catch(({ code }) => console.log(code));
    setTimeout(() => console.log("lives on"), 50);
    setTimeout(() => process.exit(0), 60);`;
  const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "inherit" });
  const said = await new Response(child.stdout).text();
  expect(said.trim().split("\n").sort()).toEqual(["42501", "a connection to the database was lost", "lives on"]);
  expect(await child.exited).toBe(0);
  await database.close();
});
