import { resolve } from "node:path";
import type { Product } from "./product.ts";

const root = resolve(import.meta.dir, "../../..");

/** The output of the operator's command line, beside the running product, for these arguments. */
export async function ops(product: Pick<Product, "opsEnvironment">, ...words: string[]) {
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([process.execPath, "--no-env-file", "services/ops/src/main.ts", ...words], {
    cwd: root,
    env: { PATH, HOME, ...product.opsEnvironment() },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, out, err };
}
