import type { User } from "@carillon/contracts/http/auth";
import type { TaskCounts } from "@carillon/contracts/http/tasks";
import { TagDot, tagHref } from "./badges.tsx";
import { Html } from "./html.ts";
import { Icon } from "./icon.tsx";
import { Mark, Wordmark } from "./mark.tsx";
import { type Link, listLinks, otherLinks, type Place } from "./places.ts";

export type FrameProps = { place: Place; counts: TaskCounts; user: User; hasLine: boolean };

/** Without a script the line of another page is a link away. */
const addHref = (hasLine: boolean): string => (hasLine ? "#new-title" : "/today#new-title");

/** The sidebar of a wide window: what can be done at once, the lists with their counts, tags, and the account. */
export const Sidebar = ({ place, counts, user, hasLine }: FrameProps) => (
  <header class="sidebar">
    <a class="sidebar-brand" href="/today" aria-label="Carillon, today’s tasks">
      <Wordmark />
    </a>
    <nav class="sidebar-nav" aria-label="Lists and settings">
      <ul class="nav-links">
        <li>
          <a class="nav-link nav-add" href={addHref(hasLine)} data-does="add">
            <Icon name="plus" />
            <span>Add a task</span>
            <Key name="n" />
          </a>
        </li>
        <li>
          <a class="nav-link" href="/all#search" data-does="find">
            <Icon name="search" />
            <span>Search</span>
            <Key name="/" />
          </a>
        </li>
      </ul>
      <div id="nav-lists">
        <NavLists place={place} counts={counts} />
      </div>
    </nav>
    <div class="sidebar-foot">
      <nav aria-label="Account">
        <ul class="nav-links">
          {otherLinks.map((link) => (
            <NavItem link={link} place={place} />
          ))}
        </ul>
      </nav>
      <div class="sidebar-account">
        <p class="sidebar-user" dir="auto" safe>
          {user.name || user.email}
        </p>
        <button type="button" class="icon-button scripted" data-open="shortcuts" aria-label="Keyboard shortcuts">
          <Icon name="keyboard" />
        </button>
      </div>
    </div>
  </header>
);

const Key = ({ name }: { name: string }) => (
  <span class="key nav-key scripted" aria-hidden="true" safe>
    {name}
  </span>
);

/** Lists and tags with their counts; read again with every list. */
export const NavLists = ({ place, counts }: Pick<FrameProps, "place" | "counts">) => (
  <>
    <ul class="nav-links">
      {listLinks(counts).map((link) => (
        <NavItem link={link} place={place} />
      ))}
    </ul>
    {counts.tags.length > 0 ? <NavTags place={place} counts={counts} /> : null}
  </>
);

/** Most tags a sidebar has room for: those with the most open tasks. */
const maxTagsShown = 8;

const NavTags = ({ place, counts: { tags } }: Pick<FrameProps, "place" | "counts">) => {
  const first = tags.slice(0, maxTagsShown);
  const current = tags.find(({ name }) => place === `tag:${name}`);
  const shown = current && !first.includes(current) ? [...first, current] : first;
  return (
    <>
      <h2 class="nav-title">Tags</h2>
      <ul class="nav-links nav-tags">
        {shown.map(({ name, color, open }) => (
          <li>
            <a class="nav-link" href={tagHref(name)} aria-current={place === `tag:${name}` ? "page" : undefined}>
              <TagDot color={color} />
              <span class="nav-label" dir="auto" safe>
                {name}
              </span>
              <Count of={open} />
            </a>
          </li>
        ))}
        {tags.length > shown.length ? (
          <li>
            <a class="nav-link nav-more" href="/tags">
              All tags
            </a>
          </li>
        ) : null}
      </ul>
    </>
  );
};

const NavItem = ({ link: { place: its, href, label, icon, count, late }, place }: { link: Link; place: Place }) => (
  <li>
    <a class="nav-link" href={href} aria-current={its === place ? "page" : undefined}>
      <Icon name={icon} />
      <span class="nav-label" safe>
        {label}
      </span>
      {late ? (
        <span class="nav-late">
          {late}
          <span class="sr-only"> overdue</span>
        </span>
      ) : null}
      {count === undefined ? null : <Count of={count} />}
    </a>
  </li>
);

const Count = ({ of }: { of: number }) =>
  of === 0 ? (
    ""
  ) : (
    <span class="nav-count">
      <span class="sr-only">, tasks: </span>
      {of}
    </span>
  );

/** What a thumb reaches on a phone; everything else is behind "More". */
export const TabBar = ({ place, hasLine }: Pick<FrameProps, "place" | "hasLine">) => (
  <nav class="tabbar" aria-label="Lists, at hand">
    <ul class="nav-links">
      <NavItem link={{ place: "today", href: "/today", label: "Today", icon: "sun" }} place={place} />
      <NavItem link={{ place: "upcoming", href: "/upcoming", label: "Upcoming", icon: "calendar" }} place={place} />
      <li>
        <a class="nav-link tabbar-add" href={addHref(hasLine)} data-does="add" aria-label="Add a task">
          <Icon name="plus" />
        </a>
      </li>
      <li>
        <a class="nav-link" href="/all#search" data-does="find">
          <Icon name="search" />
          <span class="nav-label">Search</span>
        </a>
      </li>
      <NavItem link={{ place: "more", href: "/more", label: "More", icon: "more" }} place={place} />
    </ul>
  </nav>
);

/** The way home on a page without a sidebar. */
export const PhoneBrand = () => (
  <a class="phone-brand" href="/today" aria-label="Carillon, today’s tasks">
    <Mark />
  </a>
);
