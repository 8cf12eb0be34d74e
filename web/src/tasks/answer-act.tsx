import type { Task } from "@carillon/contracts/http/tasks";
import type { Flash } from "../door/flash.ts";
import { html } from "../door/respond.ts";
import { NavPart } from "../door/show.tsx";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { Html } from "../ui/html.ts";
import { Toast } from "../ui/toast.tsx";
import { type ListAddress, readListAddress, tagOf } from "./list-address.ts";
import { settingOf } from "./list-page.tsx";
import { mayStandIn } from "./place-of.ts";
import { TaskRow } from "./task-row.tsx";

/** What an act has done: the tasks as they are now, ids of those that are gone from every list, and what is said about it. */
export type Acted = { tasks: readonly Task[]; gone?: readonly string[]; flash: Flash; back: string };

/**
 * The answer to an act: back to its list with a message, or, for the page's own script, just the rows it changed, the counts and
 * the message.
 */
export async function answerAct(visit: Visit, acted: Acted): Promise<Response> {
  const { tasks, gone = [], flash, back } = acted;
  if (visit.part !== "act" && visit.part !== "pane") return seeOtherWith(back, flash, visit);
  return html(
    <>
      <ActParts visit={visit} tasks={tasks} gone={gone} back={back} />
      <hx-partial hx-target="#toasts" hx-swap="innerHTML">
        <Toast flash={flash} besideList />
      </hx-partial>
    </>,
  );
}

/** The answer to a change of many tasks: the list is read again as a whole. */
export async function answerMany(visit: Visit, { back, flash }: { back: string; flash: Flash }): Promise<Response> {
  if (visit.part !== "act") return seeOtherWith(back, flash, visit);
  return html(
    <>
      <template data-read="list" />
      <hx-partial hx-target="#toasts" hx-swap="innerHTML">
        <Toast flash={flash} besideList />
      </hx-partial>
    </>,
  );
}

type PartsProps = { visit: Visit; tasks: readonly Task[]; gone?: readonly string[]; back: string };

/** The rows of these tasks as the list at `back` shows them now, and every count on its page. */
export const ActParts = async ({ visit, tasks, gone = [], back }: PartsProps) => {
  const address = readListAddress(new URL(back, visit.url));
  const tag = address ? tagOf(address) : null;
  const counts = await visit.counts();
  // A month is no list of rows: it is read again as a whole.
  const isMonth = new URL(back, visit.url).pathname === "/month";
  return (
    <>
      {isMonth ? (
        <template data-read="list" />
      ) : (
        tasks.map((task) => <ActedRow visit={visit} task={task} address={address} />)
      )}
      {gone.map((id) => (
        <template data-row={id} data-place="gone" />
      ))}
      <NavPart place={isMonth ? "month" : tag === null ? (address?.name ?? null) : `tag:${tag}`} counts={counts} />
      <Text target="#group-overdue .group-count" text={String(counts.overdue)} />
      <Text target="#done-count" text={String(counts.done_today)} />
    </>
  );
};

const Text = ({ target, text }: { target: string; text: string }) => (
  <hx-partial hx-target={target} hx-swap="innerHTML" safe>
    {text}
  </hx-partial>
);

const ActedRow = ({ visit, task, address }: { visit: Visit; task: Task; address: ListAddress | null }) => {
  const stands = address !== null && mayStandIn(task, address, { now: visit.now, zone: visit.user.time_zone });
  if (!stands) return <template data-row={task.id} data-place="gone" data-version={String(task.version)} />;
  const setting = settingOf(visit, address);
  return (
    <template data-row={task.id} data-place={setting.place(task)} data-version={String(task.version)}>
      <TaskRow task={task} setting={setting} />
    </template>
  );
};
