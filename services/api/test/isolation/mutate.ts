import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ApiDeps } from "../../src/deps.ts";

type Sql = ApiDeps["sql"];

const root = resolve(import.meta.dir, "../../../..");

/** Every source of api: its path, and its text with single blanks. */
export const sources = once((): [file: string, code: string][] =>
  [...new Bun.Glob("services/api/src/**/*.ts").scanSync({ cwd: root })]
    .filter((file) => !file.includes(".test."))
    .map((file) => [file, oneLine(readFileSync(join(root, file), "utf8"))]),
);

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

function once<Value>(make: () => Value): () => Value {
  let made: Value | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** One condition of one statement that names an owner. `piece` is the text before and with it; `file` is the likeliest that has it. */
export type Clause = { key: string; file: string; statement: string; text: string; piece: string };

/** Watches the statements that go through it, and leaves one of their conditions out. */
export type Mutator = {
  wrap(sql: Sql): Sql;
  /** Every clause seen since this was last asked. */
  seen(): Clause[];
  /** From now on this clause holds for every row; null: none does. */
  drop(key: string | null): void;
};

/** `user_id = ` before a value, and `user_id = x.user_id` within the text; of the table of users, whose id is the owner, `id = `. */
const beforeValue = /(?:\b\w+\.)?\buser_id = $/;
const withinText = /(?:\b\w+\.)?\buser_id = \w+\.(?:user_id|id)\b/g;
const ofUsers = /(?:\bu\.|\s)id = $/;

export function createMutator(): Mutator {
  const seen = new Map<string, Clause>();
  let dropped: string | null = null;

  function change(strings: TemplateStringsArray): TemplateStringsArray {
    const parts = [...strings];
    const whole = oneLine(strings.join("?")).trim();
    const isOfUsers = /\bapi\.users\b/.test(whole) && !/\bapi\.(?!users\b)\w+/.test(whole);
    const note = (index: number, text: string, piece: string): boolean => {
      const key = `${whole}#${index}`;
      if (!seen.has(key))
        seen.set(key, { key, file: fileOf(piece), statement: whole, text: text.trim(), piece: oneLine(piece) });
      return key === dropped;
    };
    let index = 0;
    let isOpen = false;
    for (const [at, part] of strings.entries()) {
      const inside = part.replace(withinText, (clause, place: number) =>
        note(index++, clause, part.slice(0, place) + clause) ? "true" : clause,
      );
      const text: string = isOpen ? `)${inside}` : inside;
      const [clause]: (string | undefined)[] = beforeValue.exec(text) ?? (isOfUsers ? ofUsers.exec(text) : null) ?? [];
      isOpen = clause !== undefined && at < strings.length - 1 && note(index++, `${clause}…`, part);
      parts[at] = isOpen ? `${text.slice(0, text.length - (clause?.length ?? 0))} (true or ${clause}` : text;
    }
    return Object.assign(parts, { raw: parts }) as unknown as TemplateStringsArray;
  }

  function wrap<Target extends object>(target: Target): Target {
    return new Proxy(target, {
      apply(call, self, given: unknown[]) {
        const [first, ...rest] = given;
        const isTemplate = Array.isArray(first) && "raw" in first;
        const changed = isTemplate ? [change(first as unknown as TemplateStringsArray), ...rest] : given;
        return Reflect.apply(call as never, self, changed);
      },
      get(of, name) {
        const value: unknown = Reflect.get(of, name);
        if ((name !== "begin" && name !== "savepoint") || typeof value !== "function") return value;
        const inside = (one: unknown) => (typeof one === "function" ? (tx: object) => one(wrap(tx)) : one);
        return (...given: unknown[]) => Reflect.apply(value, of, given.map(inside));
      },
    });
  }

  return {
    wrap: (sql) => wrap(sql),
    seen() {
      const all = [...seen.values()];
      seen.clear();
      return all;
    },
    drop(key) {
      dropped = key;
    },
  };
}

/**
 * The file a piece of a statement stands in. A stack alone would not say: a call that ends a function leaves no trace in it; and neither
 * would the text, for files say the same.
 */
function fileOf(piece: string): string {
  const files = sources().flatMap(([file, code]) => (code.includes(oneLine(piece)) ? [file] : []));
  const callers = [...(new Error().stack ?? "").matchAll(/services\/api\/src\/[\w/.-]+\.ts/g)].map(([file]) => file);
  return callers.find((file) => files.includes(file)) ?? files[0] ?? "";
}
