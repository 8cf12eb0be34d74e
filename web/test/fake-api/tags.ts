import { pageOf } from "./list.ts";
import { type Answer, invalid, notFound, Refusal } from "./refusal.ts";
import { type Account, ensureTag } from "./store.ts";
import { type Call, gone, type Route, type World } from "./world.ts";

export const tagRoutes: Route[] = [
  { method: "GET", path: /^\/api\/tags$/, run: listTags },
  { method: "POST", path: /^\/api\/tags$/, run: createTag },
  { method: "PUT", path: /^\/api\/tags\/([^/]+)$/, run: updateTag },
  { method: "DELETE", path: /^\/api\/tags\/([^/]+)$/, run: deleteTag },
];

const taken = () => new Refusal(409, "conflict", "There is already a tag with this name.");

const tell = (world: World, account: Account, event_type: string) =>
  world.changed(account, { event_type, task_id: null, version: 0 });

function listTags({ account, url }: Call): Answer {
  const prefix = (url.searchParams.get("prefix") ?? "").toLowerCase();
  const tags = [...account.tags.values()].filter((tag) => tag.name.toLowerCase().startsWith(prefix));
  const sorted = tags.toSorted((a, b) => a.name.localeCompare(b.name));
  return { status: 200, body: pageOf(sorted, url.searchParams) };
}

function createTag({ world, account, body, now }: Call): Answer {
  const name = String(body.name);
  if (name.trim() === "") throw invalid("/name", "must not be empty");
  const count = account.tags.size;
  const tag = ensureTag(account, name, now, typeof body.color === "string" ? body.color : null);
  if (account.tags.size === count) throw taken();
  tell(world, account, "tag.created");
  return { status: 201, body: tag };
}

function updateTag({ world, account, id, body, now }: Call): Answer {
  const tag = account.tags.get(id);
  if (!tag) throw notFound();
  const name = String(body.name);
  const others = [...account.tags.values()].filter((other) => other.id !== id);
  if (others.some((other) => other.name.toLowerCase() === name.toLowerCase())) throw taken();
  const saved = { ...tag, name, color: String(body.color ?? tag.color), version: tag.version + 1, updated_at: now };
  account.tags.set(id, saved);
  tell(world, account, "tag.updated");
  return { status: 200, body: saved };
}

function deleteTag({ world, account, id }: Call): Answer {
  tell(world, account, "tag.deleted");
  return gone(account.tags.delete(id));
}
