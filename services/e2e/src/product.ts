import { startOnDapr } from "./dapr-product.ts";
import { startEmbedded } from "./embedded-product.ts";
import { mode } from "./mode.ts";
import type { Product, ProductOptions } from "./product-type.ts";

export type { Product, ProductOptions } from "./product-type.ts";

/**
 * Embedded: started on free ports with a data directory of its own, without rate limits unless `env`
 * says otherwise. On Dapr: the one product of this run, which every file shares, so each test must
 * look only at its own users' data.
 */
export const startProduct = (options: ProductOptions = {}): Promise<Product> =>
  mode === "dapr" ? startOnDapr(options) : startEmbedded(options);
