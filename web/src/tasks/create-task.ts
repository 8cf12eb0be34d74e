import { Problem } from "@carillon/kit/service";
import { quote } from "../door/flash.ts";
import { field, localPath } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { dueText } from "../time.ts";
import { fieldErrors } from "../ui/field-errors.ts";
import { type ListAddress, noFilters, readListAddress, rowsAtFirst } from "./list-address.ts";
import { listPage } from "./list-page.tsx";
import { newTaskOf, quickAddFields, readQuickTask } from "./quick-task.ts";

/** `POST /tasks`: the quick-add form. What api refuses comes back on the same list, with what was typed. */
export async function createTask(visit: Visit): Promise<Response> {
  const quick = readQuickTask(visit.form);
  const back = localPath(visit.form.get("back"), "/today");
  const zone = visit.user.time_zone;
  const body = newTaskOf(quick, { now: visit.now, zone });
  if ("errors" in body) return listPage(visit, listOf(visit, back), { values: quick, errors: body.errors });
  try {
    const task = await visit.api.createTask(body, field(visit.form, "key") || visit.newKey());
    const due = task.due_date === null ? "" : `, due ${dueText({ ...task, due_date: task.due_date }, visit.now, zone)}`;
    const undo = { action: `/tasks/${task.id}/delete?${new URLSearchParams({ back })}`, label: "Undo" };
    return seeOtherWith(back, { text: `Added ${quote(task.title)}${due}.`, undo }, visit);
  } catch (error) {
    if (!(error instanceof Problem) || !["invalid", "malformed", "conflict"].includes(error.code)) throw error;
    return listPage(visit, listOf(visit, back), { values: quick, errors: fieldErrors(error, quickAddFields) });
  }
}

function listOf(visit: Visit, back: string): ListAddress {
  return (
    readListAddress(new URL(back, visit.url)) ?? { name: "today", filters: noFilters, cursor: null, rows: rowsAtFirst }
  );
}
