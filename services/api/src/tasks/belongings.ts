import type { TaskTag } from "@carillon/contracts/http/tasks";
import type { Db } from "@carillon/kit/database";

export type KnownTag = TaskTag & { name_key: string };

/** What hangs on a user's tasks, as of one change number. null: there is too much of it to remember. */
export type Belongings = {
  changeSeq: number;
  tags: ReadonlyMap<string, KnownTag> | null;
  /** Ids of the tasks that have reminders. */
  reminded: ReadonlySet<string> | null;
};

/**
 * Belongings by user, each used as long as the user's change number is the one they were read at: every change of tags and reminders
 * takes a new number, so they cannot be stale.
 */
export type BelongingsCache = {
  /** Those of the user at `changeSeq`, or of a later number. */
  read(db: Db, userId: string, changeSeq: number): Promise<Belongings | null>;
  readonly size: number;
};

const maxTags = 200;
const maxReminded = 1_000;
/** Tags and ids of all users together; some 150 bytes each. */
const maxKnown = 50_000;

export function createBelongingsCache(): BelongingsCache {
  // In the order of their last use.
  const known = new Map<string, Belongings>();
  let size = 0;
  const forget = (userId: string): void => {
    const one = known.get(userId);
    if (one && known.delete(userId)) size -= sizeOf(one);
  };
  return {
    async read(db, userId, changeSeq) {
      const remembered = known.get(userId);
      const current = remembered && remembered.changeSeq >= changeSeq ? remembered : await load(db, userId);
      if (!current) return null;
      const newest = known.get(userId);
      if (newest && newest.changeSeq > current.changeSeq) return newest;
      forget(userId);
      known.set(userId, current);
      size += sizeOf(current);
      for (const oldest of known.keys()) {
        if (size <= maxKnown) break;
        forget(oldest);
      }
      return current;
    },
    get size() {
      return size;
    },
  };
}

const sizeOf = ({ tags, reminded }: Belongings): number => 1 + (tags?.size ?? 0) + (reminded?.size ?? 0);

type Read = { change_seq: number; tags: KnownTag[]; reminded: string[] };

/** One statement, so that all of it is of one instant; null for a user who is gone. */
async function load(db: Db, userId: string): Promise<Belongings | null> {
  const [read] = await db<Read[]>`
    select u.change_seq::float8 as change_seq,
      (select coalesce(json_agg(g), '[]') from (
        select id, name, color, name_key from api.tags where user_id = u.id limit ${maxTags + 1}) g) as tags,
      (select coalesce(json_agg(r.task_id), '[]') from (
        select distinct task_id from api.reminders where user_id = u.id limit ${maxReminded + 1}) r) as reminded
    from api.users u where u.id = ${userId}`;
  if (!read) return null;
  return {
    changeSeq: read.change_seq,
    tags: read.tags.length > maxTags ? null : new Map(read.tags.map((tag) => [tag.id, tag])),
    reminded: read.reminded.length > maxReminded ? null : new Set(read.reminded),
  };
}
