import type { CreatedFeed, Feed } from "@carillon/contracts/http/feeds";
import type { Tag } from "@carillon/contracts/http/tags";
import { nullWhenGone } from "../api.ts";
import { field } from "../door/form.ts";
import { show } from "../door/show.tsx";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { momentText } from "../time.ts";
import { SelectField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Section, SubHead } from "./section.tsx";

const kinds = [
  { value: "todo", label: "To-dos" },
  { value: "event", label: "Events, for calendars without to-dos" },
];

const home = "/settings/calendars";

/** `GET /settings/calendars`. */
export const showCalendars = (visit: Visit): Promise<Response> => calendarsPage(visit, null);

/** `POST /settings/calendars`: answers with the only page that ever shows the address, so it does not redirect. */
export async function createCalendar(visit: Visit): Promise<Response> {
  const kind = field(visit.form, "kind") === "event" ? "event" : "todo";
  const made = await visit.api.createFeed(
    { kind, tag: field(visit.form, "tag") || null },
    field(visit.form, "key") || visit.newKey(),
  );
  return calendarsPage(visit, made);
}

/** `POST /settings/calendars/{id}/renew`: the same calendar under a new address; the old one ends. */
export async function renewCalendar(visit: Visit): Promise<Response> {
  const { data } = await visit.api.listFeeds();
  const old = data.find(({ id }) => id === visit.params.id);
  if (!old) return seeOtherWith(home, { text: "That calendar is gone." }, visit);
  await visit.api.deleteFeed(old.id).catch(nullWhenGone);
  return calendarsPage(visit, await visit.api.createFeed({ kind: old.kind, tag: old.tag }, visit.newKey()));
}

/** `POST /settings/calendars/{id}/revoke`. Succeeds if it is already gone. */
export async function revokeCalendar(visit: Visit): Promise<Response> {
  await visit.api.deleteFeed(visit.params.id ?? "").catch(nullWhenGone);
  return seeOtherWith(home, { text: "Revoked. Programs that read it get nothing more." }, visit);
}

async function calendarsPage(visit: Visit, made: CreatedFeed | null): Promise<Response> {
  const [{ data: feeds }, { data: tags }] = await Promise.all([visit.api.listFeeds(), visit.api.listTags()]);
  return show(visit, {
    title: "Calendars",
    place: "settings",
    main: (
      <div class="column column-wide">
        <SubHead back={["/settings", "Settings"]} title="Calendars" />
        <Section
          id="calendars"
          title="Your tasks elsewhere"
          lead="An address that a calendar program subscribes to. A program that has it can read the tasks in it, and nothing more."
        >
          {made ? <Address visit={visit} path={made.path} /> : null}
          <FeedList visit={visit} feeds={feeds} />
          <NewFeed visit={visit} tags={tags} />
        </Section>
      </div>
    ),
    status: made ? 201 : 200,
  });
}

const Address = ({ visit, path }: { visit: Visit; path: string }) => (
  <div role="status">
    <p>Subscribe to this address. It is shown only now:</p>
    <code class="secret" safe>
      {new URL(path, visit.publicUrl).href}
    </code>
  </div>
);

const nameOf = ({ kind, tag }: Feed): string => `${tag ?? "All tasks"}, as ${kind === "event" ? "events" : "to-dos"}`;

const FeedList = ({ visit, feeds }: { visit: Visit; feeds: readonly Feed[] }) => {
  if (feeds.length === 0) return <p class="quiet">You have no calendars.</p>;
  return (
    <ul class="tokens">
      {feeds.map((feed) => (
        <li class="token">
          <p class="token-text">
            <strong safe>{nameOf(feed)}</strong>
            <span class="quiet" safe>{`since ${momentText(feed.created_at, visit.now, visit.user)}`}</span>
          </p>
          <form method="post" action={`${home}/${feed.id}/renew`}>
            <button type="submit" class="button button-small" aria-label={`New address: ${nameOf(feed)}`}>
              New address
            </button>
          </form>
          <form method="post" action={`${home}/${feed.id}/revoke`}>
            <button type="submit" class="button button-small button-danger" aria-label={`Revoke: ${nameOf(feed)}`}>
              Revoke
            </button>
          </form>
        </li>
      ))}
    </ul>
  );
};

const NewFeed = ({ visit, tags }: { visit: Visit; tags: readonly Tag[] }) => (
  <form class="form" method="post" action={home} aria-label="Create a calendar">
    <input type="hidden" name="key" value={visit.newKey()} autocomplete="off" />
    <div class="field-row">
      <SelectField name="kind" label="Shown as" value="todo" choices={kinds} />
      <SelectField
        name="tag"
        label="Which tasks"
        value=""
        choices={[{ value: "", label: "All tasks" }, ...tags.map(({ name }) => ({ value: name, label: name }))]}
      />
    </div>
    <p class="form-end">
      <button type="submit" class="button button-primary">
        Create calendar
      </button>
    </p>
  </form>
);
