import { afterAll, beforeAll, expect, test } from "bun:test";
import postgres, { type Sql } from "postgres";
import { brokenPromises, untilQuiet } from "../../src/oracles.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
let sql: Sql;
beforeAll(async () => {
  product = await startProduct();
  sql = postgres(product.databaseUrl(), { max: 2, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await product.dispose();
});

test("at rest everything has arrived, and G1–G14 hold for every user of the run", async () => {
  await untilQuiet(sql, 45_000);
  expect(await brokenPromises({ sql, product })).toEqual({});
});
