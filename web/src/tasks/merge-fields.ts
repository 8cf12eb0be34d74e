import { repeatFields } from "../repeat/index.ts";
import { differences, type TaskForm } from "./task-form.ts";

type Name = keyof TaskForm;

/** Fields that mean something only together: they are saved, refused and decided as one. */
const groups: readonly (readonly Name[])[] = [
  ["due_day", "due_time", "all_day", "time_zone"],
  repeatFields,
  ["kept_tags", "tags"],
];

/** These fields and those that belong to them. */
export const withGroups = (names: readonly Name[]): Name[] => [
  ...new Set(names.flatMap((name) => groups.find((group) => group.includes(name)) ?? [name])),
];

/** `typed` with these fields as they were. */
export const without = (typed: TaskForm, original: TaskForm, names: readonly Name[]): TaskForm => ({
  ...typed,
  ...Object.fromEntries(names.map((name) => [name, original[name]])),
});

/**
 * What two windows made of one original: `mine` goes on, `conflicts` are fields that both changed, each to something else. Tags
 * never conflict: what one window added or removed is added or removed.
 */
export function mergeEdits(
  original: TaskForm,
  typed: TaskForm,
  saved: TaskForm,
): { mine: TaskForm; conflicts: Name[] } {
  const theirs = withGroups(differences(original, saved));
  const isDecided = (name: Name) => JSON.stringify(typed[name]) === JSON.stringify(saved[name]);
  const changed = withGroups(differences(original, typed)).filter((name) => name !== "kept_tags" && name !== "tags");
  const conflicts = withGroups(changed.filter((name) => theirs.includes(name) && !isDecided(name)));
  const mine = changed.filter((name) => !conflicts.includes(name));
  return {
    mine: {
      ...saved,
      ...Object.fromEntries(mine.map((name) => [name, typed[name]])),
      kept_tags: tagsOf(original, typed, saved),
      tags: typed.tags,
    },
    conflicts,
  };
}

function tagsOf(original: TaskForm, typed: TaskForm, saved: TaskForm): string[] {
  const removed = original.kept_tags.filter((name) => !typed.kept_tags.includes(name));
  const added = typed.kept_tags.filter((name) => !original.kept_tags.includes(name));
  return [...new Set([...saved.kept_tags.filter((name) => !removed.includes(name)), ...added])];
}
