import { afterAll, beforeAll, expect, test } from "bun:test";
import { productResource } from "@carillon/testing/dapr-files";
import { type DaprStack, openDaprStack, type Resource } from "@carillon/testing/dapr-stack";
import { until } from "@carillon/testing/until";

let stack: DaprStack;
beforeAll(() => {
  stack = openDaprStack();
});
afterAll(() => stack.close());

const typed = (component: Resource, type: string): Resource => ({
  ...component,
  spec: { ...Object(component.spec), type },
});

test("a real sidecar starts with the product's cron binding", async () => {
  const sidecar = await stack.startSidecar({
    appId: "notification",
    resources: [productResource("reminder-cron.yaml")],
  });
  expect(sidecar.url.hostname).toBe("127.0.0.1");
});

// Neither schema nor API server notices: the cluster accepts the file, and the pods do not start.
test("a real sidecar ends when a component is of a type that does not exist", async () => {
  const misspelt = typed(productResource("kafka-pubsub.yaml"), "pubsub.kafak");
  // It may report healthy briefly before it exits.
  const started = stack.startSidecar({ appId: "notification", resources: [misspelt] });
  const said = await started.then(
    async (sidecar) => {
      await until("the sidecar to end", () => sidecar.hasEnded());
      return sidecar.tail();
    },
    (error: unknown) => String(error),
  );
  expect(said).toContain("couldn't find message bus pubsub.kafak/v1");
});
