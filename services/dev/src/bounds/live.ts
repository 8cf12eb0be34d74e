import type { Bound } from "./bound.ts";

const kit = "services/kit/src";
const slow = "services/realtime/test/slow-reader.test.ts";

export const live: readonly Bound[] = [
  {
    what: "subscriptions of a user's programs, and of a process",
    file: "services/api/src/assistant/mcp/notices/notices.ts",
    line: "maxPerUser: 8, maxPerProcess: 200",
    bound: "8, and 200",
    beyond: "refused in the protocol's words",
    test: [
      "services/api/src/assistant/mcp/notices/notices.test.ts",
      "one more subscription than a user, or a process, may have is refused",
    ],
  },
  {
    what: "resources of a subscription",
    file: "services/api/src/assistant/mcp/notices/listen.ts",
    line: "maxResources = 100;",
    bound: "100",
    beyond: "refused in the protocol's words",
    test: ["services/api/test/assistant/mcp-notices.test.ts", "more resources than fit"],
  },
  {
    what: "notices that wait for a program",
    file: "services/api/src/assistant/mcp/notices/outlet.ts",
    line: "if (waiting > 0 || listener === null) return;",
    bound: "one of each of its resources",
    beyond: "one notice of each, when the others are taken",
    test: [
      "services/api/src/assistant/mcp/notices/outlet.test.ts",
      "a reader that takes nothing gets nothing more, and then one notice of each resource that changed",
    ],
  },
  {
    what: "live connections of one user, and of a process",
    file: "services/realtime/src/hub.ts",
    line: "perUser: 50, total: 10_000",
    bound: "50, and 10 000",
    beyond: "429, and 503",
    test: ["services/realtime/test/stream.test.ts", "one user cannot take all the connections"],
  },
  {
    what: "ended sessions remembered",
    file: "services/realtime/src/hub.ts",
    line: "const mostEnded = 10_000;",
    bound: "10 000",
    beyond: "the oldest is evicted",
    test: ["services/realtime/src/hub.test.ts", "ten thousand ended sessions"],
  },
  {
    what: "messages that wait for a live connection",
    file: "services/realtime/src/line.ts",
    line: "export const mostWaiting = 1_000;",
    bound: "1 000, shared between connections",
    beyond: "all are dropped, the client reads everything again",
    test: ["services/realtime/src/line.test.ts", "costs a bounded queue"],
  },
  {
    what: "events the runtime holds for a stream",
    file: "services/realtime/src/open-stream.ts",
    line: "const streamBuffer = 64;",
    bound: "64",
    beyond: "wait in the line",
    test: [slow, "costs bounded memory"],
  },
  {
    what: "bytes the runtime holds for a WebSocket",
    file: `${kit}/service/serve.ts`,
    line: "backpressureLimit: 1024 * 1024",
    bound: "64 kB before messages wait in the line, 1 MB at most",
    beyond: "it is closed",
    test: [slow, "costs bounded memory"],
  },
  {
    what: "calls of realtime under way",
    file: "services/realtime/src/ask-api.ts",
    line: "const maxCalls = 2_000;",
    bound: "2 000",
    beyond: "503",
    test: ["services/realtime/src/ask-api.test.ts", "at most 2 000 calls are under way, however many are asked for"],
  },
];
