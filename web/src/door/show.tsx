import type { TaskCounts } from "@carillon/contracts/http/tasks";
import { Shell } from "../layout.tsx";
import { Html } from "../ui/html.ts";
import { NavLists } from "../ui/navigation.tsx";
import type { Place } from "../ui/places.ts";
import { Toast } from "../ui/toast.tsx";
import { clearCookie, flashCookie } from "./cookies.ts";
import { html } from "./respond.ts";
import type { Visit } from "./visit.ts";

export type View = {
  title: string;
  place: Place;
  /** Everything inside the main landmark. */
  main: JSX.Element;
  /** The refreshable list inside it, and what else on the page changes with it. */
  list?: { content: JSX.Element; beside?: JSX.Element };
  status?: number;
  headers?: Record<string, string>;
  dialogs?: JSX.Element;
  /** Tasks are written in the page itself; any other page has the line in a dialog. */
  hasLine?: boolean;
};

/** A page, or the part of it that htmx requested; a flash is shown once. */
export async function show(visit: Visit, view: View): Promise<Response> {
  const options = {
    status: view.status ?? 200,
    headers: view.headers ?? {},
    cookies: visit.flash ? [clearCookie(flashCookie, visit)] : [],
  };
  const counts = await visit.counts();
  if (visit.part === "list" && view.list)
    return html(<ListPart visit={visit} view={view} list={view.list} counts={counts} />, options);
  if (visit.part !== "page") return html(<MainPart visit={visit} view={view} counts={counts} />, options);
  const { main, title, place } = view;
  return html(
    <Shell
      title={title}
      place={place}
      user={visit.user}
      counts={counts}
      preferences={visit.preferences}
      flash={visit.flash}
      hasList={view.list !== undefined}
      adder={view.hasLine ? null : { back: visit.url.pathname, idempotencyKey: visit.newKey() }}
      safeDialogs={view.dialogs ?? ""}
    >
      {main}
    </Shell>,
    options,
  );
}

type PartProps = { visit: Visit; view: View; counts: TaskCounts };

const ListPart = ({
  visit,
  view,
  list: { content, beside = "" },
  counts,
}: PartProps & { list: NonNullable<View["list"]> }) => (
  <>
    {content}
    {beside}
    <NavPart place={view.place} counts={counts} />
    <ToastPart visit={visit} besideList />
  </>
);

const MainPart = ({ visit, view, counts }: PartProps) => {
  const { main, title } = view;
  return (
    <>
      <title safe>{`${title} · Carillon`}</title>
      {main}
      <NavPart place={view.place} counts={counts} />
      <ToastPart visit={visit} besideList={view.list !== undefined} />
    </>
  );
};

/** The navigation's counts, for a page that stays. */
export const NavPart = ({ place, counts }: { place: Place; counts: TaskCounts }) => (
  <hx-partial hx-target="#nav-lists" hx-swap="innerHTML">
    <NavLists place={place} counts={counts} />
  </hx-partial>
);

/** For htmx: the messages, in their place. */
export const ToastPart = ({ visit, besideList }: { visit: Pick<Visit, "flash">; besideList: boolean }) =>
  visit.flash ? (
    <hx-partial hx-target="#toasts" hx-swap="innerHTML">
      <Toast flash={visit.flash} besideList={besideList} />
    </hx-partial>
  ) : (
    ""
  );
