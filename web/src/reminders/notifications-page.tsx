import type { Notification, NotificationPage } from "@carillon/contracts/http/reminders";
import { Problem } from "@carillon/kit/service";
import { seeOther } from "../door/respond.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { inSentence, momentText } from "../time.ts";
import { Empty } from "../ui/empty.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { MailTrouble, nameOf, stateIcons } from "./reminder-panel.tsx";
import { channelWords, stateWords } from "./wording.ts";

const pageSize = 30;

/** The page's filters by their word in the address; `state` as api takes it. */
const filters = [
  { name: "", state: undefined, label: "All", empty: "No reminders yet" },
  { name: "ahead", state: "pending", label: "Pending", empty: "No pending reminders" },
  { name: "rang", state: "sent", label: "Rang", empty: "Nothing has rung yet" },
  { name: "silent", state: "failed,missed,cancelled", label: "Did not ring", empty: "All reminders rang" },
] as const;

type Filter = (typeof filters)[number];

const pathOf = (filter: Filter, cursor?: string): string => {
  const query = new URLSearchParams({ ...(filter.name ? { show: filter.name } : {}), ...(cursor ? { cursor } : {}) });
  return `/notifications${query.size > 0 ? `?${query}` : ""}`;
};

/** `GET /notifications?show&cursor`: each reminder once, and why it did or did not ring. */
export async function showNotifications(visit: Visit): Promise<Response> {
  const named = visit.url.searchParams.get("show") ?? "";
  const filter = filters.find(({ name }) => name === named) ?? filters[0];
  const cursor = visit.url.searchParams.get("cursor") || undefined;
  const page = await load(visit, filter, cursor);
  // A cursor of another list, or an old one: the list starts over.
  if (page === null) return seeOther(pathOf(filter));
  return show(visit, {
    title: "Notifications",
    place: "notifications",
    main: <NotificationsMain visit={visit} page={page} filter={filter} later={cursor !== undefined} />,
  });
}

async function load(visit: Visit, { state }: Filter, cursor: string | undefined): Promise<NotificationPage | null> {
  const query = { limit: pageSize, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) };
  try {
    return await visit.api.listNotifications(query);
  } catch (error) {
    if (error instanceof Problem && error.code === "invalid" && cursor) return null;
    throw error;
  }
}

type MainProps = { visit: Visit; page: NotificationPage; filter: Filter; later: boolean };

const NotificationsMain = ({ visit, page, filter, later }: MainProps) => (
  <div class="column">
    <header class="page-head">
      <h1>Notifications</h1>
      <p class="page-lead">Every reminder once: when it rings, that it rang, or why it did not.</p>
    </header>
    <MailTrouble user={visit.user} />
    <nav class="tabs" aria-label="Which reminders">
      {filters.map((one) => (
        <a class="tab" href={pathOf(one)} aria-current={one === filter ? "page" : undefined}>
          {one.label}
        </a>
      ))}
    </nav>
    {page.data.length === 0 ? (
      <Empty title={filter.empty}>
        Give a task a due date and open it: there you choose how long before it a reminder rings.
      </Empty>
    ) : (
      <ul class="notifications">
        {page.data.map((notification) => (
          <Row notification={notification} visit={visit} back={pathOf(filter)} />
        ))}
      </ul>
    )}
    <p class="more">
      {later ? (
        <a class="button button-quiet" href={pathOf(filter)}>
          Back to the first
        </a>
      ) : null}
      {page.next_cursor ? (
        <a class="button" href={pathOf(filter, page.next_cursor)}>
          Show older ones
        </a>
      ) : null}
    </p>
  </div>
);

const Row = ({ notification, visit, back }: { notification: Notification; visit: Visit; back: string }) => {
  const { now, user } = visit;
  const { attempts, channels, state, remind_at: at } = notification;
  const silent = state !== "pending" && state !== "sent";
  const name = notification.before === null ? null : nameOf(notification, now, user);
  return (
    <li class={["notification", `reminder-${state}`]}>
      <Icon name={stateIcons[state]} />
      <div class="notification-text">
        <a class="task-title" href={`/tasks/${notification.task_id}?${new URLSearchParams({ back })}`} dir="auto" safe>
          {notification.task_title}
        </a>
        <p class="notification-state">
          <span class="reminder-state" safe>
            {sentence(stateWords(notification, now, user))}
          </span>
          {name ? <span safe>{name}</span> : null}
          {silent && at !== null ? <span safe>{`set for ${inSentence(momentText(at, now, user))}`}</span> : null}
          {attempts > 1 ? <span safe>{`${attempts} attempts`}</span> : null}
          {channels.length > 0 ? <span safe>{channels.map(channelWords).join(", ")}</span> : null}
        </p>
      </div>
    </li>
  );
};

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
