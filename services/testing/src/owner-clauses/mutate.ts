import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Sql } from "@carillon/kit/database";

const root = resolve(import.meta.dir, "../../../..");

/** The sources of a service, `services/<name>`: each path, and its text with single blanks. */
const sourcesOf = (service: string): [file: string, code: string][] =>
  [...new Bun.Glob(`services/${service}/src/**/*.ts`).scanSync({ cwd: root })]
    .filter((file) => !file.includes(".test."))
    .map((file) => [file, oneLine(readFileSync(join(root, file), "utf8"))]);

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

/**
 * One condition of one statement that names an owner. `piece` is the text up to and including it;
 * `file` is the likeliest that contains it.
 */
export type Clause = { key: string; file: string; statement: string; text: string; piece: string };

/** Watches the statements that pass through it, and removes one of their conditions. */
export type Mutator = {
  wrap(sql: Sql): Sql;
  /** Every clause seen since the last call. */
  seen(): Clause[];
  /** From now on this clause is true for every row; null: none is. */
  drop(key: string | null): void;
  /** Every condition in the sources that names an owner: its place, and the text up to and including it. */
  written(): { file: string; before: string }[];
};

const owner = String.raw`(?:\b\w+\.)?\b(?:user_id|user_digest) = `;
/** `user_id = x.user_id`, or a digest of one, within a text. */
const withinText = new RegExp(
  `${owner}(?:\\w+\\.(?:user_id\\b|id\\b|"userId")|\\w+\\.user_digest\\(\\w+\\.\\w+\\))`,
  "g",
);
/** `using (user_id, …)`, and the first of several columns that are looked for together. */
const ofSeveral = /\busing \(user_id\)|\busing \(user_id, |\(user_id, (?=[\w, ]+\) in \(\s*select user_id, )/g;
const withoutOwner = (clause: string): string =>
  clause === "using (user_id)" ? "on true" : clause.replace("user_id, ", "");
/** `user_id = `, `user_id = any(` or a digest of it, before a value; of the table of users, whose id is the owner, `id = `. */
const beforeValue = new RegExp(`${owner}(?:any\\(|\\w+\\.user_digest\\()?$`);
const ofUsers = /(?:\bu\.|\s)id = $/;

const inSource = new RegExp(
  `${owner}(?:any\\(|\\w+\\.user_digest\\()?(?=\\$\\{)|${withinText.source}|${ofSeveral.source}`,
  "g",
);

/** For the statements of `services/<service>`; `users` is the table, if any, whose rows are the owners themselves. */
export function createMutator({ service, users }: { service: string; users?: string }): Mutator {
  const seen = new Map<string, Clause>();
  const sources = sourcesOf(service);
  let dropped: string | null = null;

  function change(strings: TemplateStringsArray): TemplateStringsArray {
    const whole = oneLine(strings.join("?")).trim();
    const isOfUsers = users !== undefined && isOnlyOf(users, whole);
    const isDropped = (index: number, text: string, piece: string): boolean => {
      const key = `${whole}#${index}`;
      if (!seen.has(key)) {
        const file = fileOf(sources, service, piece);
        seen.set(key, { key, file, statement: whole, text: text.trim(), piece: oneLine(piece) });
      }
      return key === dropped;
    };
    const parts = withoutClauses(strings, isOfUsers, isDropped);
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
    written: () =>
      sources.flatMap(([file, code]) =>
        [...code.matchAll(inSource)].map(({ 0: clause, index }) => ({
          file,
          before: code.slice(Math.max(0, index - 2_000), index + clause.length),
        })),
      ),
  };
}

/**
 * The parts of a statement without the conditions on an owner that `isDropped` names: by the clause's
 * place in the statement, its text, and the part up to and including it.
 */
function withoutClauses(
  strings: readonly string[],
  isOfUsers: boolean,
  isDropped: (index: number, text: string, piece: string) => boolean,
): string[] {
  let index = 0;
  /** Parentheses of ours and of the clause that are still to be closed. */
  let open = 0;
  return strings.map((part, at) => {
    const inside = part
      .replace(withinText, (clause, place: number) =>
        isDropped(index++, clause, part.slice(0, place) + clause) ? "true" : clause,
      )
      .replace(ofSeveral, (clause, place: number, text: string) =>
        isDropped(index++, clause, text.slice(0, place) + clause) ? withoutOwner(clause) : clause,
      );
    const matched = isRowsWithout(inside, part) ? inside.replace(/( in \(\s*select )user_id, /, "$1") : inside;
    const text: string = closed(matched, open);
    const [clause]: (string | undefined)[] = beforeValue.exec(text) ?? (isOfUsers ? ofUsers.exec(text) : null) ?? [];
    const isOpen = clause !== undefined && at < strings.length - 1 && isDropped(index++, `${clause}…`, part);
    open = isOpen ? 1 + Number(clause?.endsWith("(")) : 0;
    return isOpen ? `${text.slice(0, text.length - (clause?.length ?? 0))} (true or ${clause}` : text;
  });
}

/** A statement that reads or writes no table of the schema but this. */
function isOnlyOf(table: string, statement: string): boolean {
  const [schema = "", name = ""] = table.split(".");
  return statement.includes(table) && !new RegExp(`\\b${schema}\\.(?!${name}\\b)\\w+`).test(statement);
}

/** The columns that are looked for lost their owner, so the rows they are looked for among lose it too. */
const isRowsWithout = (changed: string, part: string): boolean =>
  changed !== part && /\(user_id, [\w, ]+\) in \(\s*select/.test(part) && !/\(user_id, [\w, ]+\) in \(/.test(changed);

/** The text with the parentheses closed that the part before it left open: ours after the clause's own. */
function closed(text: string, open: number): string {
  if (open === 0) return text;
  const end = open === 1 ? 0 : text.indexOf(")") + 1;
  return `${text.slice(0, end)})${text.slice(end)}`;
}

/**
 * The file that contains a piece of a statement. A stack alone would not say: a call that ends a function leaves no trace in it; and neither
 * would the text, for files say the same.
 */
function fileOf(sources: readonly [file: string, code: string][], service: string, piece: string): string {
  const files = sources.flatMap(([file, code]) => (code.includes(oneLine(piece)) ? [file] : []));
  const paths = new RegExp(`services/${service}/src/[\\w/.-]+\\.ts`, "g");
  const callers = [...(new Error().stack ?? "").matchAll(paths)].map(([file]) => file);
  return callers.find((file) => files.includes(file)) ?? files[0] ?? "";
}
