import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { type Migrations, migrate, migrationFolder } from "@carillon/kit/database";
import { testDatabase } from "@carillon/testing/database";
import { insertOldAccount, type OldAccount, oldPassword } from "@carillon/testing/old-data";
import { foldTagsOfNext } from "../src/older/fold-tags.ts";
import { partAgain } from "../src/older/part-again.ts";
import { searchEdition, searchVector } from "../src/tasks/index.ts";
import { seatUsers } from "../src/zones/keep-seated.ts";
import { clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";

const migrations: Migrations = { schema: "api", folder: migrationFolder("api") };
const names = readdirSync(migrations.folder)
  .filter((file) => /^\d{4}_.*(?<!\.down)\.sql$/.test(file))
  .map((file) => file.replace(".sql", ""))
  .sort();

/** Rows of migrations before it were parted in another way. */
const levelOfEdition = 26;

let api: Harness;
const accounts = new Map<string, OldAccount>();

/** One database goes through all migrations; at each, a release of then writes an account. */
beforeAll(async () => {
  const database = await testDatabase({ migrations: [] });
  const owner = database.connectAs("owner");
  const passwordHash = await Bun.password.hash(oldPassword, { algorithm: "argon2id", memoryCost: 64, timeCost: 1 });
  for (const name of names) {
    expect(await migrate(owner, migrations, 1)).toEqual([name]);
    const level = Number(name.slice(0, 4));
    const found = (title: string, text: string) =>
      level < levelOfEdition
        ? { search_edition: 1 }
        : { search: searchVector(title, text), search_edition: searchEdition };
    const account = await insertOldAccount(database.sql, { level, passwordHash, found });
    accounts.set(name, account);
  }
  await owner.end();
  api = await startApi({}, (deps) => deps, database);
  api.clock.advance(Date.parse("2026-11-30T12:00:00Z") - api.clock.now().getTime());
  // What a start does in the background.
  await seatUsers(api.deps, new AbortController().signal);
  while (await foldTagsOfNext(api.deps));
  while (!(await partAgain(api.deps)));
});
afterAll(() => api.close());

async function enter(name: string) {
  const { email = "" } = accounts.get(name) ?? {};
  const signedIn = await api.call("POST", "/api/signin", { body: { email, password: oldPassword } });
  expect(signedIn.status).toBe(200);
  return clientOf(api, { user: signedIn.body.user, token: signedIn.body.access_token, email, password: oldPassword });
}

test.each(names)(
  "what a release with %s wrote is listed, found, changed, completed and exported by this one",
  async (name) => {
    const as = await enter(name);
    const open = await as.listAll("?status=pending&sort=title");
    expect(open.map(({ title, due_date, time_zone }) => [title, due_date, time_zone])).toEqual([
      ["Café: call mother/father", null, "America/Vancouver"],
      ["Day elsewhere", "2026-12-24T07:00:00.000Z", "America/Vancouver"],
      ["Every day at nine", "2026-12-02T16:00:00.000Z", "America/Vancouver"],
      ["Whole day", "2026-12-02T07:00:00.000Z", "America/Vancouver"],
    ]);
    const [cafe, , nine, day] = open;
    expect(nine?.reminders).toMatchObject([{ before: "1h", remind_at: "2026-12-02T15:00:00.000Z", state: "pending" }]);
    expect((await as.get("/api/tags")).body.data.map((tag: { name: string }) => tag.name)).toEqual([
      "Home",
      "Two words",
    ]);

    for (const words of ["father", "cafe", "strasse", "home", "caf"])
      expect([words, (await as.titles(`?search=${words}`))[0]]).toEqual([words, "Café: call mother/father"]);
    expect(await as.titles("?tag=home&sort=title")).toEqual(["Café: call mother/father", "Whole day"]);
    expect(await as.titles("?completed=true")).toEqual(["Done long ago"]);
    expect(await as.titles("?deleted=true")).toEqual(["In the trash"]);

    const made = await as.make({ title: "New", tags: [" home "], due_date: day?.due_date ?? null, all_day: true });
    expect(made.tags.map(({ id }) => id)).toEqual([cafe?.tags.find((tag) => tag.name === "Home")?.id ?? ""]);
    const renamed = await as.patch(`/api/tasks/${cafe?.id}`, { title: "Tea", tags: ["Two Words"] });
    expect(renamed.body).toMatchObject({ title: "Tea", tags: [{ name: "Two words" }] });
    expect((await as.post(`/api/tasks/${nine?.id}/skip`)).body.due_date).toBe("2026-12-03T16:00:00.000Z");
    expect((await as.patch(`/api/tasks/${nine?.id}/complete`)).body.completed).toBe(true);
    expect((await as.patch(`/api/tasks/${day?.id}/complete`)).body.completed).toBe(true);
    const { body } = await as.get("/api/tasks/export?format=json");
    expect(body.tasks).toHaveLength(7);
    expect((await as.get("/api/sync")).body.tasks.length).toBeGreaterThan(0);
  },
);
