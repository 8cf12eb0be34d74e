import { afterAll, beforeAll, expect, test } from "bun:test";
import { createMutator, type Exceptions, judgeClauses, type Trial } from "@carillon/testing/owner-clauses";
import { bothWorlds, type Matrix, type Outcome, openMatrix } from "./isolation/ask.ts";
import type { Case } from "./isolation/calls.ts";
import { cases } from "./isolation/cases.ts";

const mutator = createMutator({ service: "api", users: "api.users" });
let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix(mutator.wrap);
});
afterAll(() => matrix.api.close());

const equivalent: Exceptions["equivalent"] = [
  ["assistant/chat/conversations.ts", /^select state/, "a bound on how many messages there are"],
  [
    "audit/known-history.ts",
    /^select history_events/,
    "read a second time, only to see whether something happened meanwhile",
  ],
  [
    "auth/address/change-email.ts",
    /^select email_key from api.users/,
    "the hash beside it has a salt of its own: no other row has it",
  ],
  ["auth/address/verify.ts", /^select from api.letters/, "the letter itself is used by its owner alone, afterwards"],
  [
    "auth/address/verify.ts",
    /^delete from api.letters l/,
    "one of its two owners: that another account's newer letter does not count is in address.test.ts",
  ],
  [
    "auth/change-password.ts",
    /^update api.users set password_hash/,
    "the hash beside it has a salt of its own: no other row has it",
  ],
  [
    "auth/prove-password.ts",
    /^select from api.users where id = \? and password_hash/,
    "the hash beside it has a salt of its own: no other row has it",
  ],
  [
    "transfer/feed/read-feed.ts",
    /^select f.user_id, f.id, f.kind/,
    "the tag of a feed is its owner's: only a second tag of the same id could answer instead",
  ],
  [
    "auth/factors/confirm-totp.ts",
    /^select sealed_secret/,
    "the session beside it is the caller's own: no other user has it",
  ],
  ["auth/oidc/create-identity.ts", /^select count/, "a limit on how many there are"],
  ["auth/oidc/provider-sign-in.ts", /^update api.identities/, "issuer and subject beside it are of one row"],
  [
    "auth/passkeys/create-passkey.ts",
    /^delete from api.passkey_starts/,
    "the session beside it is the caller's own: no other user has it",
  ],
  ["auth/passkeys/create-passkey.ts", /^select count/, "a limit on how many there are"],
  [
    "auth/tokens/create-token.ts",
    /^select count/,
    "a limit on how many there are; the row itself is written with its owner",
  ],
  ["auth/letters/write-letter.ts", /^select count/, "a limit on how often an account is written to"],
  ["auth/ways-back/reset.ts", /^select u.email from/, "the letter itself is used by its owner alone, afterwards"],
  ["internal/changes.ts", /^select u.change_seq/, "only tells a client to read everything again"],
  [
    "reminders/end-reminders.ts",
    /in \(select task_id from api.reminders/,
    "the task is read by its owner, and comes with its reminder",
  ],
  [
    "reminders/claim-reminders.ts",
    /^select r.id, r.remind_at/,
    "only asks whether the same task has an earlier reminder at that instant; nothing of it is shown",
  ],
  [
    "channels/channel-row.ts",
    /^select user_id, id, kind/,
    "only asks whether the channel is there; what went there is read by its owner",
  ],
  [
    "channels/create-channel.ts",
    /^select count/,
    "a limit on how many there are; the row itself is written with its owner",
  ],
  ["channels/delete-channel.ts", /^select id from api.channel_sends/, "the ids are ended by their owner"],
  ["channels/note-sends.ts", /^select distinct channel_id/, "the channel is removed by its owner"],
  ["change/queue-events.ts", /^select c.id, c.events/, "a limit on how many wait"],
  [
    "channels/resend-delivery.ts",
    /^select s.about/,
    "only asks whether it may be sent again; it is written by its owner",
  ],
  ["channels/test-channel.ts", /^select \? from api.channel_sends/, "the id was made by this very request"],
  [
    "reminders/spread-reminders.ts",
    /^select c.user_id, c.id/,
    "a reminder takes the channels of its own user among them",
  ],
  [
    "tasks/belongings.ts",
    /^select u.change_seq/,
    "a tag shows on, and finds, only tasks of its user that carry its id",
  ],
  ["tasks/task-page.ts", /^select id, name, color from api.tags/, "the ids are those that the user's own tasks carry"],
  ["reminders/parts.ts", /^with row as/, "only asks whether there are parts at all; they are read by their owner"],
  ["channels/queues.ts", /^select user_id, id, about/, "the id of a channel is one user's"],
  [
    "auth/ways-back/reset.ts",
    /^delete from api\.(provider_flows|totp|feeds)/,
    "that another user keeps theirs is asked in ways-back.test.ts",
  ],
  [
    "transfer/feed/create-feed.ts",
    /^select count/,
    "a limit on how many there are; the row itself is written with its owner",
  ],
  [
    "transfer/feed/create-feed.ts",
    /^select id, name from api.tags/,
    "a tag of another user would leave the calendar empty: its tasks are read by their owner",
  ],
  [
    "transfer/feed/delete-feed.ts",
    /^select from api.feeds/,
    "only asks whether it is there; it is deleted by its owner",
  ],
  [
    "transfer/import/name-tasks.ts",
    /^select id, true as live from api.tasks/,
    "only decides which ids of a file are replaced; rows are read and written by their owner",
  ],
  ["tasks/occurrences/succession.ts", /^select from api.users/, "only asks whether the user is still there"],
  ["tasks/undo/undo-task.ts", /^select id, name, color from api.tags/, "the ids are of tags in the user's own history"],
  [
    "tasks/task-filter.ts",
    /^select id(, name(_key)?)? from api.tags/,
    "no task of a user names another user's tag, and tasks are asked for by their owner",
  ],
];

/**
 * The case's result beside another user with the same ids is the same as alone, and leaves the other's
 * rows as they were.
 */
async function isKept(one: Case, alone: Outcome): Promise<boolean> {
  for (const world of one.worlds ?? bothWorlds) {
    const { before, after, ...beside } = await matrix.ask(one, world).catch(() => ({ ...alone, status: 0 }));
    const same = beside.status === alone.status && beside.answer === alone.answer && beside.own === alone.own;
    if (!same || before !== after) return false;
  }
  return true;
}

const elsewhere: Exceptions["elsewhere"] = {
  "services/api/src/auth/admission/known-address.ts": "asked with the address a sign-in comes from",
  "services/api/src/auth/operators/look-after-account.ts": "asked by an operator with an address: operators.test.ts",
  "services/api/src/auth/sweep-expired.ts": "housekeeping, of expired rows of all users",
  "services/api/src/auth/address/proof.ts": "asked with an address that is being proven: address.test.ts",
  "services/api/src/auth/letters/answer-forgotten.ts": "asked with an address: ways-back.test.ts",
  "services/api/src/auth/letters/take-letters.ts": "of all users, for notification: ways-back.test.ts",
  "services/api/src/channels/take-sends.ts": "of all users, for notification: channels.test.ts",
  "services/api/src/channels/queues.ts": "of many users at once, each by its key: channels.test.ts",
  "services/api/src/channels/sweep-channels.ts": "housekeeping, of all users",
  "services/api/src/reminders/list-due.ts": "of all users, for notification: channels.test.ts",
  "services/api/src/reminders/spread-reminders.ts": "of many users at once: channels.test.ts",
  "services/api/src/mail/forget-grants.ts": "housekeeping, of expired rows of all users",
  "services/api/src/mail/grant-mails.ts": "of many users at once, each by its key: mail-budgets.test.ts",
  "services/api/src/older/fold-tags.ts": "rows of older releases, of one user after the other: fold-tags.test.ts",
  "services/api/src/older/part-again.ts": "rows of older releases, of all users: search.test.ts",
  "services/api/src/assistant/mcp/notices/read-changes.ts":
    "of many users at once, each by its key: mcp-notices.test.ts",
  "services/api/src/insights/get-stats.ts": "counts all accounts together, for the operator: stats.test.ts",
  "services/api/src/tasks/purge-trash.ts": "housekeeping, of one user after the other: trash.test.ts",
};

const trials = Object.entries(cases).flatMap(([route, list]) =>
  list.map(
    (one, at): Trial<Outcome> => ({
      name: `${route} (${at + 1})`,
      alone: async () => matrix.ask(one, "alone"),
      isKept: async (alone) => isKept(one, alone),
    }),
  ),
);

test("G18: the matrix goes red when any single statement omits the owner of its rows", async () => {
  expect(await judgeClauses(mutator, trials, { equivalent, elsewhere })).toMatchObject({
    unreached: [],
    survivors: [],
  });
}, 1_200_000);
