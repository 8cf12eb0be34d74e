import { createRunner } from "./files.ts";
import { requireStack } from "./require-stack.ts";

/**
 * `npm run e2e:faults`: kills every process of the product on the real Dapr and Kafka of `STACK_DIR`, one after the other and under load, and
 * asks afterwards whether everything that was promised holds. Takes some minutes. Ends with "N passed, N failed".
 */
requireStack("The fault suite");
const runner = createRunner();
const files = ["services/e2e/test/dapr/faults.test.ts"];
runner.finish(await runner.run("Faults on the real Dapr and Kafka", files, { ...process.env, CARILLON_MODE: "dapr" }));
