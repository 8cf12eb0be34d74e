import fc from "fast-check";

/** What the API should hold of a task, in the simplest form: no SQL, no events. */
export type ModelTask = {
  title: string;
  description: string;
  priority: string;
  due_date: string | null;
  /** Keys of tags; some may be deleted. */
  tags: string[];
  completed: boolean;
  deleted: boolean;
  version: number;
};

export type Fields = Partial<{
  title: string;
  description: string | null;
  priority: string | null;
  due_date: string | null;
  tags: string[] | null;
}>;

export type Verb =
  | { verb: "post"; fields: Fields }
  | { verb: "put" | "patch"; pick: number; fields: Fields; stale: boolean }
  | { verb: "complete" | "incomplete" | "delete" | "restore"; pick: number; stale: boolean }
  | { verb: "rename tag"; pick: number; name: string }
  | { verb: "delete tag"; pick: number };

const dates = [null, "2190-01-01T00:00:00.000Z", "2190-06-01T12:00:00.000Z"];
const fields: fc.Arbitrary<Fields> = fc.record(
  {
    title: fc.constantFrom("a", "b", "日本"),
    description: fc.constantFrom(null, "", "d"),
    priority: fc.constantFrom(null, "low", "medium", "urgent"),
    due_date: fc.constantFrom(...dates),
    tags: fc.oneof(fc.constant(null), fc.array(fc.constantFrom("x", "X", "y", "z"), { maxLength: 3 })),
  },
  { requiredKeys: [] },
);
const pick = fc.nat(9);
const stale = fc.constantFrom(false, false, false, true);

export const verbs: fc.Arbitrary<Verb[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ verb: fc.constant("post" as const), fields }) },
    {
      weight: 5,
      arbitrary: fc.record({ verb: fc.constantFrom("put" as const, "patch" as const), pick, fields, stale }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        verb: fc.constantFrom("complete" as const, "incomplete" as const, "delete" as const, "restore" as const),
        pick,
        stale,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ verb: fc.constant("rename tag" as const), pick, name: fc.constantFrom("x", "Y", "w") }),
    },
    { weight: 1, arbitrary: fc.record({ verb: fc.constant("delete tag" as const), pick }) },
  ),
  { minLength: 5, maxLength: 40 },
);

const keyOf = (name: string): string => name.toLowerCase();

/** A user's tasks and tags in memory. Each verb returns the status the API should answer. */
export class Model {
  readonly tasks: ModelTask[] = [];
  /** Tags in the order of their creation; a deleted one stays as null so that `pick` means the same here and there. */
  readonly tags: ({ id: number; name: string } | null)[] = [];

  tagNames(task: ModelTask): string[] {
    return task.tags.flatMap((id) => this.tags[Number(id)]?.name ?? []);
  }

  post(given: Fields): number {
    if (given.title === undefined) return 422;
    this.tasks.push({ ...this.#whole(given), completed: false, deleted: false, version: 1 });
    return 201;
  }

  change(task: ModelTask | undefined, verb: "put" | "patch", given: Fields, stale: boolean): number {
    if (!task || task.deleted) return 404;
    if (verb === "put" && given.title === undefined) return 422;
    if (stale) return 412;
    const kept: Fields = verb === "put" ? {} : { ...task, tags: this.tagNames(task) };
    this.#move(task, this.#whole({ ...kept, ...given }));
    return 200;
  }

  set(task: ModelTask | undefined, flag: "completed" | "deleted", value: boolean, stale: boolean): number {
    const isHidden = task?.deleted && !(flag === "deleted" && !value);
    if (!task || isHidden) return 404;
    if (stale) return 412;
    this.#move(task, { [flag]: value });
    return flag === "deleted" && value ? 204 : 200;
  }

  renameTag(index: number, name: string): number {
    const tag = this.tags[index];
    if (!tag) return 404;
    if (this.tags.some((other) => other && other !== tag && keyOf(other.name) === keyOf(name))) return 409;
    tag.name = name;
    return 200;
  }

  deleteTag(index: number): number {
    if (!this.tags[index]) return 404;
    this.tags[index] = null;
    return 204;
  }

  #whole(given: Fields) {
    return {
      title: given.title ?? "",
      description: given.description ?? "",
      priority: given.priority ?? "medium",
      due_date: given.due_date ?? null,
      tags: [...new Set((given.tags ?? []).map((name) => this.#tag(name)))],
    };
  }

  #tag(name: string): string {
    const known = this.tags.findIndex((tag) => tag && keyOf(tag.name) === keyOf(name));
    return String(known >= 0 ? known : this.tags.push({ id: this.tags.length, name }) - 1);
  }

  #move(task: ModelTask, change: Partial<ModelTask>): void {
    const before = this.#shown(task);
    Object.assign(task, change);
    if (this.#shown(task) !== before) task.version++;
  }

  /** What a client sees of a task: without deleted tags. */
  #shown = (task: ModelTask): string =>
    JSON.stringify([
      task.title,
      task.description,
      task.priority,
      task.due_date,
      this.tagNames(task),
      task.completed,
      task.deleted,
    ]);
}
