import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { currentZones, zoneRelease } from "@carillon/calendar/zone";
import { testDatabase } from "@carillon/testing/database";
import { reportZones } from "../src/zones/report-zones.ts";
import { updateZones } from "../src/zones/update-zones.ts";

const database = await testDatabase({ migrations: ["api"] });
const ops = database.connectAs("ops");
const folder = mkdtempSync(join(tmpdir(), "carillon-zones-"));
afterAll(async () => {
  await ops.end({ timeout: 2 });
  await database.close();
  rmSync(folder, { recursive: true });
});

function fileOf(text: string): string {
  const file = join(folder, `${crypto.randomUUID()}.zi`);
  writeFileSync(file, text);
  return file;
}
const released = (release: string): string => currentZones().text.replace(/^# version \S+/, `# version ${release}`);
const update = (text: string, dryRun = false) => updateZones({ api: ops, file: fileOf(text), dryRun });

beforeAll(async () => {
  await database.sql`select api.add_zones(${zoneRelease()}, ${currentZones().text})`;
});

test("the operators' role stores newer rules, once, and sees which are in force", async () => {
  expect((await reportZones(ops)).data).toMatchObject({ zones: zoneRelease(), users_to_move: 0 });
  expect((await update(released("2099b"), true)).data).toMatchObject({ dry_run: true, before: zoneRelease() });
  expect((await reportZones(ops)).data).toMatchObject({ zones: zoneRelease() });
  expect((await update(released("2099b"))).data).toMatchObject({ zones: "2099b", added: true });
  expect((await update(released("2099b"))).data).toMatchObject({ added: false });
  expect((await update(released("2099a"))).lines).toEqual([expect.stringContaining("has IANA 2099b already")]);
  expect((await reportZones(ops)).data).toMatchObject({ zones: "2099b", known: ["2026a", zoneRelease(), "2099b"] });
  const [row] = await database.sql`select data from api.zone_releases where release = '2099b'`;
  expect(row?.data).toBe(released("2099b"));
});

test("data that a service could not use is never stored", async () => {
  await expect(update("<html>404</html>")).rejects.toThrow("not a tzdata.zi");
  await expect(update(released("2099c").slice(0, 50_000))).rejects.toThrow(/lacks|not a tzdata.zi/);
  await expect(update("# version 2099c\nZ Europe/Berlin 1 - CET")).rejects.toThrow("lacks");
  await expect(updateZones({ api: ops, file: join(folder, "gone.zi"), dryRun: false })).rejects.toThrow(
    "cannot be read",
  );
  expect((await reportZones(ops)).data).toMatchObject({ zones: "2099b" });
});

test("while users' dates have not been moved yet the report says how many, and exits with 1", async () => {
  await database.sql`
    insert into api.users (id, email, email_key, password_hash, created_at)
    values (${crypto.randomUUID()}, 'ada@example.com', 'ada@example.com', 'x', now())`;
  expect(await reportZones(ops)).toMatchObject({ exitCode: 1, data: { users_to_move: 1 } });
});
