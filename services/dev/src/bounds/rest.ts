import type { Bound } from "./bound.ts";

const kit = "services/kit/src";

export const rest: readonly Bound[] = [
  {
    what: "statements that wait for a connection",
    file: `${kit}/database/pool.ts`,
    line: "const maxWaiting = 10_000;",
    bound: "10 000, each with a deadline",
    beyond: "503",
    test: ["services/kit/test/cut-connections.test.ts", "a statement that finds no free connection in time"],
  },
  {
    what: "garbage of a process",
    file: `${kit}/service/bound-memory.ts`,
    line: "const maxRestingMegabytes = 240;",
    bound: "collected beyond 240 MB",
    beyond: "what is in use stays, and is looked at again when it has grown by a tenth",
    test: ["services/kit/src/service/bound-memory.test.ts", "garbage is collected once"],
  },
  {
    what: "verifications of histories",
    file: "services/audit/src/verify-history.ts",
    line: "atMost: 4",
    bound: "4, one a user",
    beyond: "503",
    test: ["services/audit/src/verify-history.test.ts", "the number of concurrent verifications is limited"],
  },
  {
    what: "newest entries remembered by audit",
    file: "services/audit/src/marks.ts",
    line: "const maxUsers = 20_000;",
    bound: "20 000 users",
    beyond: "the one written to longest ago is forgotten",
    test: ["services/audit/src/marks.test.ts", "the users written to longest ago are evicted first"],
  },
  {
    what: "traces of rings",
    file: "services/notification/src/rung.ts",
    line: "most = 1_000",
    bound: "1 000",
    beyond: "the oldest is evicted",
    test: ["services/notification/src/rung.test.ts", "traces of alarms without effect do not accumulate"],
  },
  {
    what: "expansions of rules",
    file: "services/calendar/src/recurrence/expand.ts",
    line: "const maxRemembered = 500;",
    bound: "500 of at most 1 000 days",
    beyond: "the oldest is evicted",
    test: ["services/calendar/src/recurrence/expand.test.ts", "the answers of five hundred questions"],
  },
  {
    what: "samples of a partition's end",
    file: "services/ops/src/lag/offset-history.ts",
    line: "const maxSamples = 1_024;",
    bound: "1 024",
    beyond: "the older half is thinned",
    test: ["services/ops/src/lag/offset-history.test.ts", "a day of samples stays small"],
  },
  {
    what: "requests of a program on standard streams",
    file: "services/launch/mcp/src/forward.ts",
    line: "const maxUnderWay = 32;",
    bound: "32 under way",
    beyond: "the next line is not read",
    test: ["services/launch/mcp/src/forward.test.ts", "of any number of lines 32 are under way at once"],
  },
];
