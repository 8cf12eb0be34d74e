import type { User } from "@carillon/contracts/http/auth";
import type { Tag } from "@carillon/contracts/http/tags";
import type { Children } from "@kitajs/html";
import { assetUrl } from "./assets.ts";
import type { Preferences } from "./door/cookies.ts";
import type { Flash } from "./door/flash.ts";
import { TagDot, tagHref } from "./ui/badges.tsx";
import { Html } from "./ui/html.ts";
import { Icon, type IconName } from "./ui/icon.tsx";
import { Mark, Tower, Wordmark } from "./ui/mark.tsx";
import { Shortcuts } from "./ui/shortcuts.tsx";
import { AlarmToast, Toast } from "./ui/toast.tsx";

export type Place = "today" | "upcoming" | "all" | "notifications" | "tags" | "settings" | "trash" | null;

type Link = { place: Place; href: string; label: string; icon: IconName };

const lists: Link[] = [
  { place: "today", href: "/today", label: "Today", icon: "bell" },
  { place: "upcoming", href: "/upcoming", label: "Upcoming", icon: "calendar" },
  { place: "all", href: "/all", label: "All tasks", icon: "list" },
];
const rest: Link[] = [
  { place: "notifications", href: "/notifications", label: "Notifications", icon: "alarm" },
  { place: "tags", href: "/tags", label: "Tags", icon: "tag" },
  { place: "trash", href: "/trash", label: "Trash", icon: "trash" },
  { place: "settings", href: "/settings", label: "Settings", icon: "settings" },
];
/** On a phone five places fit under a thumb; tags and trash are reached from "All tasks". Words are short there. */
const tabs = [...lists, ...rest]
  .filter(({ place }) => place !== "trash" && place !== "tags")
  .map((link) => (link.place === "notifications" ? { ...link, label: "Bells" } : link));

type DocumentProps = { title: string; preferences: Preferences; live?: boolean; class?: string; children?: Children };

/** The HTML document around everything: language, theme, styles and scripts by their content's hash. */
const Document = ({ title, preferences, live, class: bodyClass, children }: DocumentProps) => (
  <>
    {"<!doctype html>"}
    <html lang="en" data-theme={preferences.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title safe>{`${title} · Carillon`}</title>
        <meta name="color-scheme" content={preferences.theme === "system" ? "light dark" : preferences.theme} />
        <meta name="htmx-config" content='{"includeIndicatorCSS": false, "history": "reload", "transitions": false}' />
        <link rel="icon" href={assetUrl("favicon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl("app.css")} />
        <script src={assetUrl("htmx.js")} defer />
        <script src={assetUrl("page.js")} defer />
        {live ? <script src={assetUrl("live.js")} defer /> : null}
        {live ? <script src={assetUrl("quick-add.js")} defer /> : null}
      </head>
      <body class={bodyClass} data-shortcuts={preferences.shortcuts ? "on" : "off"}>
        {children}
      </body>
    </html>
  </>
);

export type ShellProps = {
  title: string;
  place: Place;
  user: User;
  tags: readonly Tag[];
  preferences: Preferences;
  flash: Flash | null;
  /** The page shows a task list that live updates and undo may refresh. */
  hasList: boolean;
  children?: Children;
};

/** A page of somebody signed in: navigation, one main landmark, the place for messages. */
export const Shell = (props: ShellProps) => (
  <Document title={props.title} preferences={props.preferences} live class="shell">
    <a class="skip-link" href="#main">
      Skip to the content
    </a>
    <header class="sidebar">
      <a class="sidebar-brand" href="/today" aria-label="Carillon, today’s tasks">
        <Wordmark />
      </a>
      <SearchLink />
      <nav class="sidebar-nav" aria-label="Lists and settings">
        <NavLinks links={lists} place={props.place} />
        <SidebarTags tags={props.tags} />
        <NavLinks links={rest} place={props.place} />
      </nav>
      <div class="sidebar-foot">
        <p class="sidebar-user" safe>
          {props.user.name || props.user.email}
        </p>
        <button type="button" class="icon-button scripted" data-open="shortcuts" aria-label="Keyboard shortcuts">
          <Icon name="keyboard" />
        </button>
      </div>
    </header>
    <main id="main" tabindex="-1">
      {props.children}
    </main>
    <nav class="tabbar" aria-label="Lists and settings, at hand">
      <NavLinks links={tabs} place={props.place} />
    </nav>
    <div id="toasts" class="toasts" role="status">
      {props.flash ? <Toast flash={props.flash} besideList={props.hasList} /> : null}
    </div>
    <template id="offline-toast">
      <AlarmToast text="No connection. Nothing was changed; what you typed is still here." />
    </template>
    <Shortcuts />
  </Document>
);

const NavLinks = ({ links, place }: { links: readonly Link[]; place: Place }) => (
  <ul class="nav-links">
    {links.map((link) => (
      <li>
        <a class="nav-link" href={link.href} aria-current={link.place === place ? "page" : undefined}>
          <Icon name={link.icon} />
          <span safe>{link.label}</span>
        </a>
      </li>
    ))}
  </ul>
);

/** There is one search field, at the list of all tasks; this leads to it. */
const SearchLink = () => (
  <a class="search-link" href="/all#search" data-key="/">
    <Icon name="search" />
    <span>Search</span>
    <span class="key scripted" aria-hidden="true">
      /
    </span>
  </a>
);

/** Most tags a sidebar has room for. */
export const sidebarTagCount = 8;

export const SidebarTags = ({ tags }: { tags: readonly Tag[] }) => (
  <ul id="sidebar-tags" class="nav-links nav-tags" aria-label="Tags">
    {tags.slice(0, sidebarTagCount).map((tag) => (
      <li>
        <a class="nav-link" href={tagHref(tag.name)}>
          <TagDot color={tag.color} />
          <span class="nav-tag-name" safe>
            {tag.name}
          </span>
        </a>
      </li>
    ))}
  </ul>
);

/** A page of somebody nobody knows yet: the tower on the left where there is room, one form on the right. */
export const Porch = ({
  title,
  preferences,
  flash,
  children,
}: {
  title: string;
  preferences: Preferences;
  flash?: Flash | null;
  children?: Children;
}) => (
  <Document title={title} preferences={preferences} class="porch">
    <aside class="porch-picture">
      <Wordmark />
      <Tower />
      <p class="porch-line">Tasks that ring on time.</p>
    </aside>
    <main id="main" class="porch-main">
      <p class="porch-brand">
        <Mark />
        <span class="wordmark-name">Carillon</span>
      </p>
      {flash ? (
        <p class="notice" role="status" safe>
          {flash.text}
        </p>
      ) : null}
      {children}
    </main>
  </Document>
);

/** A page for when something went wrong: nothing on it needs an account or another service. */
export const Plain = ({
  title,
  preferences,
  children,
}: {
  title: string;
  preferences: Preferences;
  children?: Children;
}) => (
  <Document title={title} preferences={preferences} class="plain">
    <header class="plain-head">
      <a href="/today" aria-label="Carillon, today’s tasks">
        <Wordmark />
      </a>
    </header>
    <main id="main" class="plain-main">
      {children}
    </main>
  </Document>
);
