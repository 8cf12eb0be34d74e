import type { User } from "@carillon/contracts/http/auth";
import type { TaskCounts } from "@carillon/contracts/http/tasks";
import type { Children } from "@kitajs/html";
import { assetUrl } from "./assets.ts";
import type { Preferences } from "./door/cookies.ts";
import type { Flash } from "./door/flash.ts";
import { PaletteDialog } from "./palette/palette-dialog.tsx";
import { Adder } from "./tasks/quick-add.tsx";
import { Html } from "./ui/html.ts";
import { Mark, Tower, Wordmark } from "./ui/mark.tsx";
import { Sidebar, TabBar } from "./ui/navigation.tsx";
import type { Place } from "./ui/places.ts";
import { Shortcuts } from "./ui/shortcuts.tsx";
import { AlarmToast, Toast } from "./ui/toast.tsx";

type DocumentProps = {
  title: string;
  preferences: Preferences;
  /** Number of the last change the page shows; the live stream goes on from there. Without it there is none. */
  change?: number;
  /** Whose page it is: what a browser keeps for later is kept for them alone. */
  user?: string;
  /** How the reader's times and dates are written, for scripts that write some. */
  formats?: Pick<User, "hour_cycle" | "date_order">;
  class?: string;
  children?: Children;
};

/** The HTML document of every page: language, theme, styles and scripts by their content's hash. */
const Document = ({ title, preferences, change, user, formats, class: bodyClass, children }: DocumentProps) => (
  <>
    {"<!doctype html>"}
    <html lang="en" data-theme={preferences.theme} data-density={preferences.density}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title safe>{`${title} · Carillon`}</title>
        <meta name="color-scheme" content={preferences.theme === "system" ? "light dark" : preferences.theme} />
        <meta name="htmx-config" content='{"includeIndicatorCSS": false, "history": "reload", "transitions": false}' />
        <link rel="icon" href={assetUrl("favicon.svg")} data-ringing={assetUrl("ringing.svg")} type="image/svg+xml" />
        <link rel="apple-touch-icon" href={assetUrl("apple-touch-icon.png")} />
        <link rel="manifest" href={assetUrl("manifest.webmanifest")} />
        <meta name="theme-color" content={preferences.theme === "dark" ? "#111618" : "#faf9f6"} />
        <link rel="stylesheet" href={assetUrl("app.css")} />
        <script src={assetUrl("htmx.js")} defer />
        <script src={assetUrl("page.js")} defer />
      </head>
      <body
        class={bodyClass}
        data-shortcuts={preferences.shortcuts ? "on" : "off"}
        data-sound={preferences.sound ? "on" : "off"}
        data-user={user}
        data-hour-cycle={formats?.hour_cycle}
        data-date-order={formats?.date_order}
        data-change={change === undefined ? undefined : String(change)}
      >
        {children}
      </body>
    </html>
  </>
);

export type ShellProps = {
  title: string;
  place: Place;
  user: User;
  counts: TaskCounts;
  preferences: Preferences;
  flash: Flash | null;
  /** The page shows a task list that live updates and undo may refresh. */
  hasList: boolean;
  /** The line for new tasks in a dialog; null where the page itself has it. */
  adder: { back: string; idempotencyKey: string } | null;
  /** Dialogs that acts on tasks open, and "" where no task can be acted on. */
  safeDialogs: JSX.Element;
  children?: Children;
};

/** A page of a signed-in user: navigation, one main landmark, the place for messages. */
export const Shell = ({ safeDialogs, ...props }: ShellProps) => (
  <Document
    title={props.title}
    preferences={props.preferences}
    change={props.counts.change}
    user={Bun.hash(props.user.id).toString(36)}
    formats={props.user}
    class="shell"
  >
    <a class="skip-link" href="#main">
      Skip to content
    </a>
    <div class="progress" aria-hidden="true" />
    <p class="offline-bar" role="status">
      No connection. What you write and do is kept here and sent when it is back.
      <span id="outbox-count" />
    </p>
    <Sidebar place={props.place} counts={props.counts} user={props.user} hasLine={props.adder === null} />
    <main id="main" tabindex="-1">
      {props.children}
    </main>
    <aside id="pane" class="pane" aria-label="Details of a task" tabindex="-1" />
    <TabBar place={props.place} hasLine={props.adder === null} />
    <section id="bells" class="bells" aria-label="Bells" aria-live="assertive" />
    <div id="toasts" class="toasts" role="status">
      {props.flash ? <Toast flash={props.flash} besideList={props.hasList} /> : null}
    </div>
    <template id="offline-toast">
      <AlarmToast text="No connection. Nothing was changed; what you typed is still here." />
    </template>
    <template id="kept-toast">
      <AlarmToast text="No connection. It is kept here and done when the connection is back." />
    </template>
    {safeDialogs}
    {props.adder === null ? "" : <Adder {...props.adder} />}
    <PaletteDialog />
    <Shortcuts />
  </Document>
);

/** A page before sign-in: the tower on the left where there is room, one form on the right. */
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

/** An error page: it needs no account and no other service. */
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
