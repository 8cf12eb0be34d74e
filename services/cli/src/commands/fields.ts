import { isGiven, optionOf, type Run } from "./command.ts";

/** The fields that options name, as the API takes them; `due` is still words. */
export function fieldsOf(run: Run): { due?: string } & Record<string, unknown> {
  const [description, due, repeat, priority] = ["description", "due", "repeat", "priority"].map((name) =>
    optionOf(run, name),
  );
  const tags = run.given.values.tag ?? [];
  return {
    ...(due === undefined ? {} : { due }),
    ...(description === undefined ? {} : { description }),
    ...(repeat === undefined ? {} : { recurring_pattern: repeat }),
    ...(priority === undefined ? {} : { priority }),
    ...(tags.length > 0 ? { tags: tags.map((name) => name.replace(/^#/, "")) } : {}),
    ...(isGiven(run, "no-due") ? { due_date: null } : {}),
    ...(isGiven(run, "no-repeat") ? { recurring_pattern: null } : {}),
    ...(isGiven(run, "no-tags") ? { tags: [] } : {}),
  };
}
