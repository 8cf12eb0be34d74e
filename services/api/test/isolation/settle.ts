import { occurrenceId } from "@carillon/calendar/recurrence";
import { clientOf } from "../client.ts";
import type { Harness, Person } from "../harness.ts";
import { type Asking, type Ids, key, keyed, neighbour, tool } from "./calls.ts";
import { giveChannels } from "./channel-cases.ts";
import { giveFactors } from "./factor-cases.ts";
import { giveIdentity } from "./identity-cases.ts";
import { givePasskey } from "./passkey-cases.ts";
import { giveLetter } from "./session-cases.ts";

/** A user with rows of every kind: tags, a series with a successor, the trash, a token, a stored answer. */
export async function settle(api: Harness, person: Person): Promise<Ids> {
  const as = clientOf(api, person);
  const due = "2025-12-01T12:00:00.000Z";
  const fields = { due_date: due, tags: ["private", "work"], reminders: [{ before: "1h" }, { before: "15m" }] };
  const plain = await as.make({ title: "plain", description: "own", ...fields });
  const series = await as.make({ title: "plain series", ...fields, recurring_pattern: "FREQ=WEEKLY;BYDAY=MO" });
  const done = await as.make({ title: "done", ...fields, recurring_pattern: "FREQ=WEEKLY;BYDAY=MO" });
  const { body: completing } = await as.post("/api/tasks/batch", { action: "complete", ids: [done.id] });
  const { body: completed } = await as.get(`/api/tasks/${done.id}`);
  const next = occurrenceId(done.id);
  const asking = { as, api, person, ids: {} as Ids };
  await neighbour(
    "PUT",
    () => `/internal/tasks/${next}`,
    () => ({
      user_id: person.user.id,
      parent_task_id: done.id,
      parent_version: completed.version,
      due_date: "2025-12-08T12:00:00Z",
      ordinal: null,
    }),
  )(asking);
  await as.make({ title: "whole day", all_day: true, due_date: "2025-12-24T00:00:00+01:00" });
  const gone = await as.make({ title: "gone", ...fields });
  await as.delete(`/api/tasks/${gone.id}`);
  const undoable = await settleUndoable(asking);
  await as.post("/api/tasks", keyed(), key);
  const { token, feed } = await settleDoors(asking);
  const session = JSON.parse(Buffer.from(person.token.split(".")[1] ?? "", "base64url").toString()).sid;
  const reminder = plain.reminders[0]?.id ?? "";
  const tried = { id: reminder, generation: 1, outcome: "tried", attempts: 1, at: api.clock.now().toISOString() };
  await neighbour(
    "POST",
    () => "/internal/reminders/results",
    () => ({ results: [tried] }),
  )(asking);
  const { body: asked } = await tool("delete_task", () => ({ ids: [plain.id] }))(asking);
  const talk = (await as.post("/api/chat", { message: "Delete plain" })).body;
  await as.post("/api/chat", { message: "hello" });
  await api.sql`
    insert into api.chat_usage (user_id, used_on, tokens) values (${person.user.id}, '2025-11-01', 7)`;
  for (const give of [giveLetter, giveFactors, givePasskey, giveChannels, giveIdentity]) await give(api, person);
  return {
    conversation: talk.conversation_id,
    asked: talk.proposal.id,
    plain: plain.id,
    series: series.id,
    done: done.id,
    next,
    gone: gone.id,
    tag: plain.tags[0]?.id ?? "",
    token: token.id,
    feed: feed.id,
    reminder,
    session,
    proposal: asked.result.structuredContent.proposal.id,
    batch: completing.batch_id,
    ...undoable,
  };
}

/** What opens the user's data without a session. */
async function settleDoors({ as }: Asking) {
  const { body: token } = await as.post("/api/tokens", { name: "own", scope: "read" });
  await as.post("/api/tokens", { name: "own too", scope: "write" });
  const { body: feed } = await as.post("/api/feeds", { tag: "work" });
  return { token, feed };
}

/** A batch, and changes of tags, to take back. */
async function settleUndoable({ as, api, person }: Asking) {
  const thrown = await as.makeTag("thrown");
  await as.delete(`/api/tags/${thrown.id}`);
  const marked = await as.make({ title: "marked" });
  const marking = { action: "patch", ids: [marked.id], patch: { tags: ["marked"], priority: "low" } };
  const { body: marks } = await as.post("/api/tasks/batch", marking);
  const [unworn, renamed] = [await as.makeTag("unworn"), await as.makeTag("another")];
  await as.put(`/api/tags/${renamed.id}`, { name: "renamed since" });
  const eventOf = async (entity: string, type: string): Promise<string> => {
    const [row] = await api.sql<{ event_id: string }[]>`
      select event_id from api.outbox where user_id = ${person.user.id} and entity_id = ${entity} and type = ${type}`;
    return row?.event_id ?? "";
  };
  return {
    batchOfTags: marks.batch_id,
    tagMade: await eventOf(unworn.id, "tag.created"),
    tagRenamed: await eventOf(renamed.id, "tag.updated"),
    tagGone: await eventOf(thrown.id, "tag.deleted"),
  };
}
