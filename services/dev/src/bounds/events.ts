import type { Bound } from "./bound.ts";

const events = "services/events/src";
const adapters = "services/adapters/src";

export const eventBounds: readonly Bound[] = [
  {
    what: "an outbox batch",
    file: `${events}/publish/store.ts`,
    line: "const mostBytes = 2_000_000;",
    bound: "500 rows, 2 MB as stored",
    beyond: "the next batch",
    test: ["services/events/test/relay.test.ts", "large events travel in small batches"],
  },
  {
    what: "looks at the outbox for one batch",
    file: `${events}/publish/fair-batch.ts`,
    line: "const mostReads = 8;",
    bound: "8",
    beyond: "the next batch",
    test: [`${events}/publish/fair-batch.test.ts`, "the database is asked eight times"],
  },
  {
    what: "users whose events the bus refused",
    file: `${events}/publish/held-keys.ts`,
    line: "const maxKeys = 10_000;",
    bound: "10 000",
    beyond: "the oldest is evicted and tried sooner",
    test: [`${events}/publish/held-keys.test.ts`, "at most ten thousand keys are held"],
  },
  {
    what: "an event",
    file: `${events}/publish/outbox-messages.ts`,
    line: "const maxEventChars = 900_000;",
    bound: "900 000 characters",
    beyond: "parked",
    test: [`${events}/publish/outbox-messages.test.ts`, "is rejected with the reason"],
  },
  {
    what: "keys delivered one event at a time",
    file: `${adapters}/local/alone-lane.ts`,
    line: "const most = 1_000;",
    bound: "1 000",
    beyond: "stay in the table",
    test: [`${adapters}/local/alone-lane.test.ts`, "a lane says when a thousand keys wait"],
  },
  {
    what: "a call to the sidecar",
    file: `${adapters}/dapr/bus.ts`,
    line: "const mostBytes = 1024 * 1024;",
    bound: "250 events, 1 MB",
    beyond: "the next call",
    test: [`${adapters}/dapr/bus.test.ts`, "no call is more than the sidecar takes"],
  },
  {
    what: "failing events remembered by a consumer",
    file: `${events}/consume/count-tries.ts`,
    line: "const most = 10_000;",
    bound: "10 000",
    beyond: "the oldest is evicted",
    test: [`${events}/consume/count-tries.test.ts`, "no more than ten thousand failing events"],
  },
  {
    what: "events given up while their batch is tried",
    file: `${events}/consume/whole-batches.ts`,
    line: "if (givenUp.size <= most) break;",
    bound: "10 000",
    beyond: "tried like the others",
    test: [`${events}/consume/whole-batches.test.ts`, "events given up while another was still retried"],
  },
];
