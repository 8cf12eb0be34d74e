import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@carillon/testing/until";
import postgres from "postgres";
import { password, signUp } from "../../src/client.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.dispose());

const folder = () => join(product.dataDir, "mail");
const mails = (): string[] => {
  const names = readdirSync(folder()).filter((name) => name.endsWith(".eml"));
  return names.map((name) => readFileSync(join(folder(), name), "utf8"));
};

/** On Dapr all files share one product: other users are mailed, too. */
const mailsTo = (email: string): number => mails().filter((mail) => mail.includes(email)).length;

test("after an account is erased its text, its address and its mails are nowhere any more", async () => {
  const sql = postgres(product.databaseUrl(), { max: 1 });
  /** Tables that hold this text anywhere, in any column. */
  const holding = async (text: string): Promise<string[]> => {
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('api', 'audit', 'bus', 'notification', 'state')`;
    const found: string[] = [];
    for (const { name } of tables) {
      const [row] = await sql.unsafe(`select count(*)::int as n from ${name} t where t::text ilike $1`, [`%${text}%`]);
      if (row?.n > 0) found.push(name);
    }
    return found;
  };
  const ada = await signUp(product.api, "leaving");
  const bob = await signUp(product.api, "staying");
  const canary = `canary${crypto.randomUUID().slice(0, 8)}`;
  for (const person of [ada, bob])
    await person.createTask({
      title: person === ada ? canary : "Something else",
      due_date: new Date(Date.now() + 86_400_000 + 1_500).toISOString(),
      reminders: [{ before: "1d" }, { before: "1h" }],
    });
  await until("both were mailed", () => mailsTo(ada.email) === 1 && mailsTo(bob.email) === 1, 15_000);
  expect(await holding(canary)).toContain("api.tasks");

  const erased = await ada.call("DELETE", "/api/auth/me", { password });
  expect(erased.status).toBe(204);
  await until(
    "every service has erased it",
    async () => {
      const left = [...(await holding(canary)), ...(await holding(ada.email))];
      return left.length === 0 && mailsTo(ada.email) === 0;
    },
    30_000,
  );
  // Traces that stay: the event of the erasure itself, an id without a name.
  await until(
    "only the events are left",
    async () => {
      const known = (await holding(ada.user.id)).sort();
      return known.every((table) => table === "api.outbox" || table === "bus.message");
    },
    15_000,
  );
  const types = await sql<{ type: string }[]>`select distinct type from api.outbox where user_id = ${ada.user.id}`;
  expect(types.map(({ type }) => type).sort()).toEqual(["session.revoked", "user.erased"]);
  expect(mailsTo(bob.email)).toBe(1);
  await sql.end();
});
