import type { ChatEntry, Conversation } from "@carillon/contracts/http/chat";
import { type Answer, notFound } from "./refusal.ts";
import type { Account } from "./store.ts";
import { type Call, gone, type Route } from "./world.ts";

export const chatRoutes: Route[] = [
  { method: "POST", path: /^\/api\/chat$/, run: say },
  { method: "POST", path: /^\/api\/chat\/confirm$/, run: confirm },
  { method: "GET", path: /^\/api\/conversations$/, run: list },
  {
    method: "GET",
    path: /^\/api\/conversations\/([^/]+)$/,
    run: ({ account, id }) => ({ status: 200, body: find(account, id) }),
  },
  {
    method: "POST",
    path: /^\/api\/conversations\/([^/]+)\/undo$/,
    run: ({ account, id }) => undone(find(account, id).title),
  },
  {
    method: "DELETE",
    path: /^\/api\/conversations\/([^/]+)$/,
    run: ({ account, id }) => gone(talks(account).delete(id)),
  },
];

export const undone = (title: string): Answer => {
  const subject = { task_id: Bun.randomUUIDv7(), tag_id: null, title };
  const kept = title.includes("twice") ? [{ ...subject, field: "title", reason: "changed" }] : [];
  return { status: 200, body: { batch_id: Bun.randomUUIDv7(), undone: [{ ...subject, fields: ["title"] }], kept } };
};

const kept = new WeakMap<Account, Map<string, Conversation>>();

function talks(account: Account): Map<string, Conversation> {
  const known = kept.get(account) ?? new Map<string, Conversation>();
  kept.set(account, known);
  return known;
}

function find(account: Account, id: string): Conversation {
  const talk = talks(account).get(id);
  if (!talk) throw notFound();
  return talk;
}

const proposal = {
  id: Bun.randomUUIDv7(),
  summary: "Delete “Milk”.",
  changes: [],
  expires_at: "2199-01-01T00:00:00.000Z",
};

/** Answers with the message itself; one that makes something gets a card, one that deletes a question. */
function say({ account, body, now }: Call): Answer {
  const message = String(body.message);
  const id = typeof body.conversation_id === "string" ? body.conversation_id : Bun.randomUUIDv7();
  const talk = talks(account).get(id) ?? { id, title: message, created_at: now, updated_at: now, messages: [] };
  talks(account).set(id, talk);
  const card: ChatEntry["actions"][number] = {
    tool: "create_task",
    task_id: Bun.randomUUIDv7(),
    summary: `Created “${message}”.`,
    due_date: "2026-12-04T16:00:00.000Z",
    due_local: "Friday 2026-12-04 17:00",
    time_zone: "Europe/Berlin",
    next_dates: ["Friday 2026-12-11 17:00"],
    audit_ids: [Bun.randomUUIDv7()],
  };
  const actions = message.startsWith("Create") ? [card] : [];
  const asked = message.startsWith("Delete") ? proposal : null;
  add(talk, { role: "user", content: message, actions: [], proposal: null }, now);
  add(talk, { role: "assistant", content: `You said: ${message}`, actions, proposal: asked }, now);
  return { status: 200, body: { conversation_id: id, reply: "", actions, proposal: asked } };
}

function confirm({ account, now }: Call): Answer {
  const [talk] = talks(account).values();
  if (!talk) throw notFound();
  add(talk, { role: "assistant", content: "Deleted.", actions: [], proposal: null }, now);
  return { status: 200, body: { conversation_id: talk.id, reply: "Deleted.", actions: [], proposal: null } };
}

const add = (talk: Conversation, entry: Omit<ChatEntry, "id" | "created_at">, now: string): void =>
  void talk.messages.push({ id: Bun.randomUUIDv7(), created_at: now, ...entry });

function list({ account }: Call): Answer {
  const data = [...talks(account).values()].map(({ messages: _, ...head }) => head);
  return { status: 200, body: { data, next_cursor: null } };
}
