import { parseInstant } from "@carillon/calendar/zone";
import type { Changes, CloudEvent, EventData } from "@carillon/contracts/event";
import { isUuid } from "@carillon/kit/http";
import { canonicalJson, NotCanonical } from "./canonical-json.ts";

/** An event as the history will keep it; its position in the chain is not known yet. */
export type Draft = {
  userId: string;
  /** The event's id. */
  id: string;
  taskId: string | null;
  /** The tag a tag's event speaks of. */
  tagId: string | null;
  /** What it was done together with. */
  batchId: string | null;
  action: string;
  actor: string;
  /** On whose word an assistant did it. */
  via: string | null;
  /** UTC with milliseconds. */
  at: string;
  version: number;
  /** Canonical JSON of field → [before, after], redacted. */
  changes: string;
};

export type Decoded =
  | { kind: "entry"; draft: Draft }
  | { kind: "erase"; userId: string }
  | { kind: "undecodable"; reason: string };

/** How the history treats an event. Undecodable only if no retry could ever write it. */
export function decode({ id, data }: CloudEvent<EventData>): Decoded {
  const userId = data.user_id.toLowerCase();
  if (data.event_type === "user.erased") return { kind: "erase", userId };
  try {
    return { kind: "entry", draft: draftOf(id, userId, data) };
  } catch (error) {
    if (error instanceof NotCanonical) return { kind: "undecodable", reason: `it holds ${error.message}` };
    throw error;
  }
}

// PostgreSQL's integer ends earlier than JSON's.
const maxVersion = 2 ** 31 - 1;

function draftOf(id: string, userId: string, data: EventData): Draft {
  const at = parseInstant(data.timestamp);
  if (at === null) throw new NotCanonical("a timestamp that is no instant");
  if (data.version > maxVersion) throw new NotCanonical("a version that is no version");
  return {
    userId,
    id: id.toLowerCase(),
    taskId: data.task_id?.toLowerCase() ?? null,
    tagId: tagOf(data),
    batchId: data.batch_id?.toLowerCase() ?? null,
    action: data.event_type,
    actor: data.actor,
    via: wordOf(data),
    at: at.toISOString(),
    version: data.version,
    changes: canonicalJson(redact(data.changes)),
  };
}

/** On whose word: of any other shape it is left out. */
const wordOf = ({ via = "" }: EventData): string | null =>
  /^(conversation|token|session) [0-9a-f-]{36}$/.test(via) ? via : null;

/** Only a tag's own events carry it. */
const tagOf = (data: EventData): string | null =>
  "tag_id" in data && typeof data.tag_id === "string" && isUuid(data.tag_id) ? data.tag_id.toLowerCase() : null;

const secretNames = /password|passphrase|secret|token|credential|cookie|authorization|api_?key|hash/i;

/**
 * The changes without what must not be kept permanently: any value under the name of a secret, at any
 * depth, becomes "[redacted]"; null stays null, to show that there was none. Events carry no
 * secrets today; a history that cannot be corrected must not depend on that.
 */
export function redact(changes: Changes): Changes {
  return Object.fromEntries(
    Object.entries(changes).map(([field, [before, after]]) => [field, [hide(field, before), hide(field, after)]]),
  );
}

function hide(name: string, value: unknown, depth = 0): unknown {
  if (value === null || depth > 64) return value;
  if (secretNames.test(name)) return "[redacted]";
  if (Array.isArray(value)) return value.map((item) => hide("", item, depth + 1));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hide(key, member, depth + 1)]));
}
