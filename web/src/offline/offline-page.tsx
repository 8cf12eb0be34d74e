import { readPreferences } from "../door/cookies.ts";
import { html } from "../door/respond.ts";
import { Plain } from "../layout.tsx";
import { Html } from "../ui/html.ts";
import { RestingBell } from "../ui/mark.tsx";

/** `GET /offline`: shown by `public/worker.js` in place of a page that cannot be read without a connection. */
export const showOffline = async ({ request }: { request: Request }): Promise<Response> =>
  html(
    <Plain title="No connection" preferences={readPreferences(request)}>
      <RestingBell />
      <h1>No connection</h1>
      <p class="plain-text">
        This page cannot be read right now. Lists you have opened before can, and what you add to them is kept and sent
        when the connection is back.
      </p>
      <p class="plain-actions">
        <a class="button button-primary" href="/today">
          Today
        </a>
        <a class="button" href="/upcoming">
          Upcoming
        </a>
        <a class="button" href="/inbox">
          Inbox
        </a>
      </p>
    </Plain>,
  );
