import type { Bound } from "./bound.ts";

const kit = "services/kit/src";
const unread = "services/kit/test/unread-answers.test.ts";
const slow = "services/realtime/test/slow-reader.test.ts";

export const answers: readonly Bound[] = [
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
    line: "maxPerProcess: 32",
    bound: "32",
    beyond: "a stalled reader is cut; else 503",
    test: ["services/launch/embedded/test/unread-readers.test.ts", "200 sockets that request"],
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
    test: [unread, "stalled reader of"],
  },
  {
    what: "silence of any other connection",
    file: `${kit}/service/serve.ts`,
    line: "      idleTimeout: 60,",
    bound: "60 s",
    beyond: "its socket is closed",
    test: [slow, "half a minute is closed"],
  },
  {
    what: "a page of tasks or changes",
    file: "services/api/src/tasks/task-page.ts",
    line: "export const maxPageBytes = 500_000;",
    bound: "500 kB and one task, without its tags and reminders",
    beyond: "the next page",
    test: ["services/api/test/page-size.test.ts", "a page of large tasks ends"],
  },
  {
    what: "changes in a page of `/api/sync`",
    file: "services/api/src/sync/sync-changes.ts",
    line: "const changesAtOnce = 500;",
    bound: "500",
    beyond: "the next page",
    test: ["services/api/src/sync/page-of.test.ts", "a page is a prefix"],
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
    file: "services/api/src/transfer/export/read-parts.ts",
    line: "const [rowsAtOnce, bytesAtOnce] = [25, 64 * 1024];",
    bound: "64 kB and one task",
    beyond: "the next part, when this one is taken",
    test: ["services/api/test/page-size.test.ts", "an export of large tasks"],
  },
  {
    what: "what a ZIP of everything holds in memory",
    file: "services/api/src/transfer/formats/zip.ts",
    line: "const pieceBytes = 64 * 1024;",
    bound: "a part, and what it is packed into",
    beyond: "the next part, when this one is taken",
    test: ["services/api/src/transfer/formats/zip.test.ts", "a reader that takes little has little made"],
  },
];
