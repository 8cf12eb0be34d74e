import type { Task } from "@carillon/contracts/http/tasks";
import { UsageError } from "../exit.ts";
import { findTask, titleOf } from "../kept/known-tasks.ts";
import { printable } from "../terminal/printable.ts";
import { sayFullDate } from "../terminal/say-date.ts";
import { change, isGiven, optionOf, type Run } from "./command.ts";
import { fieldsOf } from "./fields.ts";

type Draft = Parameters<typeof change>[1][number];
type Place = { id: string; name: string };

/** Does the same to each task of the words, and says so. */
async function toEach(run: Run, past: string, draftOf: (place: Place) => Draft): Promise<void> {
  const places: Place[] = [];
  for (const word of new Set(run.given.words)) {
    const id = await findTask(run.client, run.store, word);
    if (places.some((one) => one.id === id)) continue;
    places.push({ id, name: titleOf(run.store, run.client.account.key, id) ?? id });
  }
  const outcomes = await change(run, places.map(draftOf));
  if (run.screen.json) return run.screen.data(outcomes.map(({ task }, at) => task ?? { id: places[at]?.id }));
  for (const [at, { task, isUnchanged }] of outcomes.entries()) {
    const name = printable(task?.title ?? places[at]?.name ?? "");
    const word = isUnchanged ? run.screen.paint("dim", "unchanged") : run.screen.paint("green", past);
    await run.screen.line(`${word} ${run.screen.paint("bold", name)}${task && !task.completed ? dueOf(task) : ""}`);
  }
}

const dueOf = ({ due_date, time_zone, all_day }: Task): string =>
  due_date === null ? "" : `  due ${sayFullDate(due_date, { zone: time_zone, allDay: all_day })}`;

export const done = async (run: Run): Promise<void> =>
  toEach(run, "done", ({ id, name }) => ({
    say: `complete "${name}"`,
    method: "PATCH",
    path: `/api/tasks/${id}/complete`,
  }));

export const skip = async (run: Run): Promise<void> =>
  toEach(run, "skipped", ({ id, name }) => ({ say: `skip "${name}"`, method: "POST", path: `/api/tasks/${id}/skip` }));

export const remove = async (run: Run): Promise<void> =>
  toEach(run, "deleted", ({ id, name }) => ({ say: `delete "${name}"`, method: "DELETE", path: `/api/tasks/${id}` }));

export async function edit(run: Run): Promise<void> {
  const { due, ...fields } = fieldsOf(run);
  const title = optionOf(run, "title");
  const body = { ...fields, ...(title === undefined ? {} : { title }) };
  for (const name of ["due", "repeat"])
    if (isGiven(run, `no-${name}`) && optionOf(run, name) !== undefined)
      throw new UsageError(`Either --${name} or --no-${name}.`);
  if (due === undefined && Object.keys(body).length === 0) throw new UsageError("Say what should be different.");
  await toEach(run, "changed", ({ id, name }) => ({
    say: `change "${name}"`,
    method: "PATCH",
    path: `/api/tasks/${id}`,
    body,
    parse: due === undefined ? null : { text: due, as: "date" },
  }));
}
