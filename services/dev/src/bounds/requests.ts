import type { Bound } from "./bound.ts";

const kit = "services/kit/src";

export const requests: readonly Bound[] = [
  {
    what: "requests under way in a process",
    file: `${kit}/service/requests-under-way.ts`,
    line: "const maxUnderWay = 1_000;",
    bound: "1 000",
    beyond: "503, come again in 1 s",
    test: [`${kit}/service/requests-under-way.test.ts`, "beyond a thousand requests under way"],
  },
  {
    what: "of these, requests of one client",
    file: `${kit}/service/requests-under-way.ts`,
    line: "const maxPerClient = 50;",
    bound: "50, once half of the room is taken",
    beyond: "429, come again in 1 s",
    test: [`${kit}/service/requests-under-way.test.ts`, "a client with many requests gets 429"],
  },
  {
    what: "requests of one user that are worked on",
    file: `${kit}/service/turns.ts`,
    line: "maxAtOnce: 4",
    bound: "4",
    beyond: "wait for their turn",
    test: [`${kit}/service/turns.test.ts`, "a user has a few requests running"],
  },
  {
    what: "of these, requests with one session or token",
    file: `${kit}/service/turns.ts`,
    line: "maxPerCredential: 3",
    bound: "3",
    beyond: "wait for their turn",
    test: [`${kit}/service/turns.test.ts`, "leaves a turn to its user's other credentials"],
  },
  {
    what: "requests of one user that wait",
    file: `${kit}/service/turns.ts`,
    line: "maxWaiting: 500",
    bound: "500, for 2.5 s",
    beyond: "429 for the longest line among the user's sessions and tokens",
    test: [`${kit}/service/turns.test.ts`, "more than may wait are rejected"],
  },
  {
    what: "body of a request",
    file: `${kit}/http/read.ts`,
    line: "export const bodyLimitBytes = 256 * 1024;",
    bound: "256 kB",
    beyond: "413",
    test: ["services/api/test/limits.test.ts", "is sent in at most 256 KiB"],
  },
  {
    what: "time of a body",
    file: `${kit}/http/arriving.ts`,
    line: "const maxArrivalMs = 10_000;",
    bound: "10 s",
    beyond: "408, and what came is let go",
    test: ["services/kit/test/doors.test.ts", "a body that never comes is 408"],
  },
  {
    what: "sign-ups and sign-ins that wait",
    file: "services/api/src/auth/admission/fair-queue.ts",
    line: "type Limits = { maxRunning: number; maxWaiting: number };",
    bound: "40 at the entrance, 20 for a hash",
    beyond: "refused, known clients last",
    test: ["services/api/src/auth/admission/fair-queue.test.ts", "500 callers at once"],
  },
  {
    what: "users whose pages are counted",
    file: "web/src/door/limit-pages.ts",
    line: "const maxUsers = 100_000;",
    bound: "100 000, for a minute",
    beyond: "not counted",
    test: ["web/src/door/limit-pages.test.ts", "the counts are bounded"],
  },
];
