/** One thing of the product that could grow, what ends its growth, and who proves it (G25). */
export type Bound = {
  what: string;
  file: string;
  /** The line of `file` that says the bound. */
  line: string;
  /** The same for people. */
  bound: string;
  /** What becomes of one more. */
  beyond: string;
  /** A test's file, and a part of its name. */
  test: readonly [string, string];
};

const kit = "services/kit/src";
const unread = "services/kit/test/unread-answers.test.ts";
const slow = "services/realtime/test/slow-reader.test.ts";

const requests: readonly Bound[] = [
  {
    what: "requests under way in a process",
    file: `${kit}/service/requests-under-way.ts`,
    line: "const maxUnderWay = 1_000;",
    bound: "1 000",
    beyond: "503, come again in 1 s",
    test: [`${kit}/service/requests-under-way.test.ts`, "beyond a thousand requests under way"],
  },
  {
    what: "requests of one user that are worked on",
    file: `${kit}/service/turns.ts`,
    line: "maxAtOnce: 4",
    bound: "4",
    beyond: "wait for their turn",
    test: [`${kit}/service/turns.test.ts`, "a user has a few requests at work"],
  },
  {
    what: "requests of one user that wait",
    file: `${kit}/service/turns.ts`,
    line: "maxWaiting: 500",
    bound: "500, for 2.5 s",
    beyond: "429",
    test: [`${kit}/service/turns.test.ts`, "more than may wait are refused"],
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
    test: ["web/src/door/limit-pages.test.ts", "what is counted is bounded"],
  },
];

const answers: readonly Bound[] = [
  {
    what: "large answers on the way to one user",
    file: `${kit}/http/open-answers.ts`,
    line: "maxPerUser: 8",
    bound: "8",
    beyond: "429, come again in 5 s",
    test: [`${kit}/http/open-answers.test.ts`, "a user with as many open answers as allowed gets 429"],
  },
  {
    what: "large answers on their way from a process",
    file: `${kit}/http/open-answers.ts`,
    line: "maxPerProcess: 64",
    bound: "64",
    beyond: "a reader that stands still is cut; else 503",
    test: ["services/launch/embedded/test/unread-readers.test.ts", "200 sockets that ask"],
  },
  {
    what: "bytes handed over at once",
    file: `${kit}/http/large-body.ts`,
    line: "export const pieceBytes = 64 * 1024;",
    bound: "64 kB",
    beyond: "the next piece is made when this one is taken",
    test: [`${kit}/http/large-body.test.ts`, "a part is made when its reader has taken the one before"],
  },
  {
    what: "silence of a reader of a large answer",
    file: `${kit}/service/keep-open.ts`,
    line: "const silenceMs = 30_000;",
    bound: "30 s; 1 s once it was cut",
    beyond: "its socket is closed",
    test: [unread, "that stands still is cut"],
  },
  {
    what: "silence of any other connection",
    file: `${kit}/service/serve.ts`,
    line: "      idleTimeout: 60,",
    bound: "60 s",
    beyond: "its socket is closed",
    test: [slow, "is cut"],
  },
  {
    what: "a page of tasks or changes",
    file: "services/api/src/tasks/sized-page.ts",
    line: "export const maxPageBytes = 500_000;",
    bound: "500 kB and one task",
    beyond: "the next page",
    test: ["services/api/test/page-size.test.ts", "a page of large tasks ends"],
  },
  {
    what: "changes in a page of `/api/sync`",
    file: "services/api/src/sync/sync-changes.ts",
    line: "const changesAtOnce = 500;",
    bound: "500",
    beyond: "the next page",
    test: ["services/api/src/sync/page-of.test.ts", "a page is their beginning"],
  },
  {
    what: "a page of history",
    file: "services/audit/src/list-entries.ts",
    line: "const maxPageChars = 500_000;",
    bound: "500 kB and one entry",
    beyond: "the next page",
    test: ["services/audit/test/page-size.test.ts", "a page of large entries ends"],
  },
  {
    what: "a part of an export",
    file: "services/api/src/tasks/export-tasks.ts",
    line: "const [rowsAtOnce, bytesAtOnce] = [200, 64 * 1024];",
    bound: "64 kB and one task",
    beyond: "the next part, when this one is taken",
    test: ["services/api/test/page-size.test.ts", "an export of large tasks"],
  },
];

const live: readonly Bound[] = [
  {
    what: "live connections of one user, and of a process",
    file: "services/realtime/src/hub.ts",
    line: "perUser: 50, total: 10_000",
    bound: "50, and 10 000",
    beyond: "429, and 503",
    test: ["services/realtime/test/stream.test.ts", "one user cannot take all the room"],
  },
  {
    what: "ended sessions kept in mind",
    file: "services/realtime/src/hub.ts",
    line: "const mostEnded = 10_000;",
    bound: "10 000",
    beyond: "the oldest is forgotten",
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
    what: "questions realtime has under way",
    file: "services/realtime/src/ask-api.ts",
    line: "const mostQuestions = 2_000;",
    bound: "2 000",
    beyond: "503",
    test: ["services/realtime/src/ask-api.test.ts", "at most 2 000 questions are under way"],
  },
];

const events: readonly Bound[] = [
  {
    what: "an outbox batch",
    file: `${kit}/publish/store.ts`,
    line: "const mostBytes = 2_000_000;",
    bound: "500 rows, 2 MB as stored",
    beyond: "the next batch",
    test: ["services/kit/test/relay.test.ts", "large events travel in small batches"],
  },
  {
    what: "looks at the outbox for one batch",
    file: `${kit}/publish/fair-batch.ts`,
    line: "const mostReads = 8;",
    bound: "8",
    beyond: "the next batch",
    test: [`${kit}/publish/fair-batch.test.ts`, "the database is asked eight times"],
  },
  {
    what: "users whose events the bus refused",
    file: `${kit}/publish/held-keys.ts`,
    line: "const maxKeys = 10_000;",
    bound: "10 000",
    beyond: "the oldest is forgotten and tried sooner",
    test: [`${kit}/publish/held-keys.test.ts`, "at most ten thousand keys are held"],
  },
  {
    what: "an event",
    file: `${kit}/publish/outbox-messages.ts`,
    line: "const maxEventChars = 900_000;",
    bound: "900 000 characters",
    beyond: "parked",
    test: [`${kit}/publish/outbox-messages.test.ts`, "is not guessed at, and says why"],
  },
  {
    what: "keys delivered one event at a time",
    file: `${kit}/adapters/local/alone-lane.ts`,
    line: "const most = 1_000;",
    bound: "1 000",
    beyond: "stay in the table",
    test: [`${kit}/adapters/local/alone-lane.test.ts`, "a lane says when a thousand keys wait"],
  },
  {
    what: "a call to the sidecar",
    file: `${kit}/adapters/dapr/bus.ts`,
    line: "const mostBytes = 1024 * 1024;",
    bound: "250 events, 1 MB",
    beyond: "the next call",
    test: [`${kit}/adapters/dapr/bus.test.ts`, "no call is more than the sidecar takes"],
  },
  {
    what: "failing events remembered by a consumer",
    file: `${kit}/consume/count-tries.ts`,
    line: "const most = 10_000;",
    bound: "10 000",
    beyond: "the oldest is forgotten",
    test: [`${kit}/consume/count-tries.test.ts`, "no more than ten thousand failing events"],
  },
  {
    what: "events given up while their batch is tried",
    file: `${kit}/consume/whole-batches.ts`,
    line: "givenUp.size < most",
    bound: "10 000",
    beyond: "tried like the others",
    test: [`${kit}/consume/whole-batches.test.ts`, "what was given up while another was still tried"],
  },
];

const rest: readonly Bound[] = [
  {
    what: "statements that wait for a connection",
    file: `${kit}/database/pool.ts`,
    line: "const maxWaiting = 10_000;",
    bound: "10 000, each with a deadline",
    beyond: "503",
    test: ["services/kit/test/cut-connections.test.ts", "a statement that finds no free connection in time"],
  },
  {
    what: "verifications of histories",
    file: "services/audit/src/verify-history.ts",
    line: "atMost: 4",
    bound: "4, one a user",
    beyond: "503",
    test: ["services/audit/src/verify-history.test.ts", "only so many run at once"],
  },
  {
    what: "newest entries remembered by audit",
    file: "services/audit/src/marks.ts",
    line: "const maxUsers = 20_000;",
    bound: "20 000 users",
    beyond: "the one written to longest ago is forgotten",
    test: ["services/audit/src/marks.test.ts", "the users written to longest ago are forgotten first"],
  },
  {
    what: "traces of rings",
    file: "services/notification/src/rung.ts",
    line: "most = 1_000",
    bound: "1 000",
    beyond: "the oldest is forgotten",
    test: ["services/notification/src/rung.test.ts", "rings in vain do not pile up"],
  },
  {
    what: "expansions of rules",
    file: "services/calendar/src/recurrence/expand.ts",
    line: "const maxRemembered = 500;",
    bound: "500 of at most 1 000 days",
    beyond: "the oldest is forgotten",
    test: ["services/calendar/src/recurrence/expand.test.ts", "the answers of five hundred questions"],
  },
  {
    what: "looks at a partition's end",
    file: "services/ops/src/lag/offset-history.ts",
    line: "const maxSamples = 1_024;",
    bound: "1 024",
    beyond: "the older half is thinned",
    test: ["services/ops/src/lag/offset-history.test.ts", "a day of looks stays small"],
  },
];

/** Everything of the product that could grow while it runs. */
export const bounds: Readonly<Record<string, readonly Bound[]>> = {
  Requests: requests,
  Answers: answers,
  "Live connections": live,
  Events: events,
  "Everything else": rest,
};

/** Files whose collections never grow beyond what the code itself names: services, loops, routes, slots, zones, child processes. */
export const fixed: readonly string[] = [
  "services/api/src/zones/releases.ts",
  "services/calendar/src/zone/zone-table.ts",
  "services/kit/src/config.ts",
  "services/kit/src/database/connect.ts",
  "services/kit/src/database/lane.ts",
  "services/kit/src/loop/watch.ts",
  "services/kit/src/publish/slots/slots.ts",
  "services/kit/src/service/allowed-methods.ts",
  "services/launch/dapr/src/process-list.ts",
  "services/launch/dapr/src/supervisor.ts",
  "services/ops/src/lag/watch-lag.ts",
];

/** Files whose collections live as long as one call, and hold what that call was given or read: one page, one batch, one body. */
export const ofOneCall: readonly string[] = [
  "services/api/src/reminders/end-reminders.ts",
  "services/api/src/tasks/fields.ts",
  "services/api/src/tasks/reminders/save-reminders.ts",
  "services/audit/src/append-entries.ts",
  "services/calendar/src/recurrence/parse-rule.ts",
  "services/calendar/src/zone/tz-source.ts",
  "services/host/src/ports/free-port.ts",
  "services/kit/src/adapters/local/judge.ts",
  "services/kit/src/consume/handle-in-parts.ts",
  "services/kit/src/consume/subscribe.ts",
  "services/kit/src/consume/verdict.ts",
  "services/kit/src/http/explain.ts",
  "services/kit/src/publish/pass.ts",
  "services/kit/src/publish/publish-in-parts.ts",
  "services/launch/dapr/src/ports-taken.ts",
  "services/launch/dapr/src/settings.ts",
  "services/notification/src/deliver-due.ts",
  "services/notification/src/on-reminder-event.ts",
  "services/ops/src/dead-letters/both-boxes.ts",
  "services/ops/src/dead-letters/embedded-box.ts",
  "services/ops/src/dead-letters/kafka-box.ts",
  "services/ops/src/dead-letters/parked-rows.ts",
  "services/ops/src/dead-letters/read-records.ts",
  "services/ops/src/dead-letters/until-decided.ts",
  "services/recurring/src/on-task-completed.ts",
  "web/src/tasks/load-list.ts",
  "web/src/tasks/quick-task.ts",
];
