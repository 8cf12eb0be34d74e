import type { Tag } from "@carillon/contracts/http/tags";
import { type Place, Shell, SidebarTags, sidebarTagCount } from "../layout.tsx";
import { Html } from "../ui/html.ts";
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
};

/** A page, or the part of it that htmx asked for; a flash is shown and forgotten. */
export async function show(visit: Visit, view: View): Promise<Response> {
  const options = {
    status: view.status ?? 200,
    headers: view.headers ?? {},
    cookies: visit.flash ? [clearCookie(flashCookie, visit)] : [],
  };
  if (visit.part === "list" && view.list) return html(<ListPart visit={visit} list={view.list} />, options);
  const { data: tags } = await visit.api.listTags({ limit: sidebarTagCount });
  if (visit.part !== "page") return html(<MainPart visit={visit} view={view} tags={tags} />, options);
  const { main, title, place } = view;
  return html(
    <Shell
      title={title}
      place={place}
      user={visit.user}
      tags={tags}
      preferences={visit.preferences}
      flash={visit.flash}
      hasList={view.list !== undefined}
    >
      {main}
    </Shell>,
    options,
  );
}

const ListPart = ({ visit, list: { content, beside = "" } }: { visit: Visit; list: NonNullable<View["list"]> }) => (
  <>
    {content}
    {beside}
    <ToastPart visit={visit} besideList />
  </>
);

const MainPart = ({ visit, view, tags }: { visit: Visit; view: View; tags: readonly Tag[] }) => {
  const { main, title } = view;
  return (
    <>
      <title safe>{`${title} · Carillon`}</title>
      {main}
      <hx-partial hx-target="#sidebar-tags" hx-swap="outerHTML">
        <SidebarTags tags={tags} />
      </hx-partial>
      <ToastPart visit={visit} besideList={view.list !== undefined} />
    </>
  );
};

/** For htmx: what is to be said, at its place. */
export const ToastPart = ({ visit, besideList }: { visit: Pick<Visit, "flash">; besideList: boolean }) =>
  visit.flash ? (
    <hx-partial hx-target="#toasts" hx-swap="innerHTML">
      <Toast flash={visit.flash} besideList={besideList} />
    </hx-partial>
  ) : (
    ""
  );
