import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../api.ts";
import { localPath } from "../door/form.ts";
import { html, respond } from "../door/respond.ts";
import type { Visit } from "../door/visit.ts";
import { Html } from "../ui/html.ts";
import { readListAddress } from "./list-address.ts";
import { settingOf } from "./list-page.tsx";
import { TaskRow } from "./task-row.tsx";

/**
 * `GET /tasks/{id}/row?in=<list>`: one row as that list would show it, for a window that refreshes
 * itself; 204 when there is no such task any more.
 */
export async function showRow(visit: Visit): Promise<Response> {
  const address = readListAddress(new URL(localPath(visit.url.searchParams.get("in"), "/today"), visit.url));
  if (!address) throw new Problem("not_found", "There is no such list.");
  const task = await visit.api.getTask(visit.params.id ?? "").catch(nullWhenGone);
  if (task === null) return respond(null, { status: 204 });
  return html(<TaskRow task={task} setting={settingOf(visit, address)} />);
}
