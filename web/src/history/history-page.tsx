import type { AuditPage } from "@carillon/contracts/http/audit";
import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../api.ts";
import { quote } from "../door/flash.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { History } from "./history.tsx";

const pageSize = 30;

/** A page of a task's history, or null while audit is away: a task can be read and changed without it. */
export async function loadHistory(
  visit: Visit,
  id: string,
  query: { limit: number; cursor?: string },
): Promise<AuditPage | null> {
  try {
    return await visit.api.taskHistory(id, query);
  } catch (error) {
    if (error instanceof Problem && error.code === "unavailable") return null;
    throw error;
  }
}

export const historyHref = (id: string, cursor: string): string =>
  `/tasks/${id}/history?${new URLSearchParams({ cursor })}`;

/** `GET /tasks/{id}/history`: all of it, page by page; also of a task in the trash. */
export async function showHistory(visit: Visit): Promise<Response> {
  const id = visit.params.id ?? "";
  const cursor = visit.url.searchParams.get("cursor");
  const [page, title] = await Promise.all([
    loadHistory(visit, id, { limit: pageSize, ...(cursor ? { cursor } : {}) }),
    titleOf(visit, id),
  ]);
  const older = page?.next_cursor ? historyHref(id, page.next_cursor) : null;
  return show(visit, {
    title: title === null ? "History" : `History of ${title}`,
    place: null,
    main: (
      <div class="column">
        <header class="page-head">
          {title === null ? null : (
            <a class="page-back" href={`/tasks/${encodeURIComponent(id)}`}>
              <Icon name="back" />
              Back to the task
            </a>
          )}
          <h1>History</h1>
          {title === null ? null : (
            <p class="page-lead" dir="auto" safe>
              {quote(title)}
            </p>
          )}
        </header>
        <History
          page={page}
          setting={{ now: visit.now, reader: visit.user, back: visit.url.pathname + visit.url.search }}
          older={older}
        />
      </div>
    ),
  });
}

async function titleOf(visit: Visit, id: string): Promise<string | null> {
  const task = await visit.api.getTask(id).catch(nullWhenGone);
  return task?.title ?? null;
}
