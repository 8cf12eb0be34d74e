import { nullWhenGone } from "../api.ts";
import { html, respond, seeOther } from "../door/respond.ts";
import type { Visit } from "../door/visit.ts";
import { dueText, inSentence, timeText } from "../time.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";

const snoozes = [
  { value: "10m", label: "10 min" },
  { value: "1h", label: "1 h" },
  { value: "tomorrow", label: "Tomorrow" },
];

/** `GET /tasks/{id}/bell`: the card of a bell that has just rung, for a page that is open; 204 when there is nothing left to do. */
export async function showBell(visit: Visit): Promise<Response> {
  const id = visit.params.id ?? "";
  if (visit.part !== "dialog") return seeOther(`/tasks/${id}`);
  const task = await visit.api.getTask(id).catch(nullWhenGone);
  if (task === null || task.completed) return respond(null, { status: 204 });
  const { now, user } = visit;
  const due =
    task.due_date === null
      ? "Rings now"
      : `Due ${inSentence(dueText({ ...task, due_date: task.due_date }, now, user))}`;
  return html(
    <div class="bell-card" data-bell={task.id}>
      <Icon name="bell" />
      <div class="bell-words">
        <a class="bell-title" href={`/tasks/${task.id}`} dir="auto" safe>
          {task.title}
        </a>
        <p class="bell-when" safe>
          {due}
        </p>
        <div class="bell-acts">
          <form method="post" action={`/tasks/${task.id}/complete`} data-act="undo">
            <button type="submit" class="button button-primary button-small">
              Done
            </button>
          </form>
          <form method="post" action={`/tasks/${task.id}/snooze`} data-act="undo" class="bell-snoozes">
            {snoozes.map(({ value, label }) => (
              <button
                type="submit"
                name="for"
                value={value}
                class="button button-small"
                aria-label={
                  value === "tomorrow"
                    ? `Ring again tomorrow at ${timeText({ time: "09:00" }, user)}`
                    : `Ring again in ${label}`
                }
                safe
              >
                {label}
              </button>
            ))}
          </form>
        </div>
      </div>
      <button type="button" class="icon-button" data-does="silence" aria-label="Close">
        <Icon name="close" />
      </button>
    </div>,
  );
}
