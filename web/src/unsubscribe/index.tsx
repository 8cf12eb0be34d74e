import { problems } from "@carillon/contracts/problem";
import { Elysia } from "elysia";
import { nullWhenGone } from "../api.ts";
import { readPreferences } from "../door/cookies.ts";
import { html } from "../door/respond.ts";
import type { RouteContext, Web } from "../door/visit.ts";
import { Plain } from "../layout.tsx";
import { Html } from "../ui/html.ts";
import { RestingBell } from "../ui/mark.tsx";

/**
 * `/unsubscribe/{token}`, the address in a mail's headers. No sign-in is needed: the token identifies
 * the user. A GET changes nothing, because mail programs follow links by themselves; the POST comes
 * from the button, or from a mail program's own one (RFC 8058).
 */
export const unsubscribeRoutes = ({ api }: Web) =>
  new Elysia({ name: "unsubscribe" })
    .get("/unsubscribe/:token", ({ request }: RouteContext) => html(<Ask request={request} />))
    .post(
      "/unsubscribe/:token",
      async ({ request, params }: RouteContext) => {
        const done = await api.unsubscribe(params.token ?? "").catch(nullWhenGone);
        return done === null
          ? html(<Unknown request={request} />, { status: problems.not_found.status })
          : html(<Done request={request} />);
      },
      { parse: "none" },
    );

const Ask = ({ request }: { request: Request }) => (
  <Plain title="Stop the e-mails" preferences={readPreferences(request)}>
    <RestingBell />
    <h1>Stop the e-mails?</h1>
    <p class="plain-text">
      Carillon will send you no more reminders by e-mail. Your tasks and their reminders stay as they are, and you can
      switch the e-mails on again in the settings.
    </p>
    <form method="post" action={new URL(request.url).pathname}>
      <p class="plain-actions">
        <button type="submit" class="button button-primary">
          Stop the e-mails
        </button>
        <a class="button" href="/today">
          Cancel
        </a>
      </p>
    </form>
  </Plain>
);

const Done = ({ request }: { request: Request }) => (
  <Plain title="No more e-mails" preferences={readPreferences(request)}>
    <RestingBell />
    <h1>E-mails are off</h1>
    <p class="plain-text">You will get no more reminders by e-mail. You can switch them on again in the settings.</p>
    <p class="plain-actions">
      <a class="button button-primary" href="/settings#reminders">
        Open the settings
      </a>
    </p>
  </Plain>
);

const Unknown = ({ request }: { request: Request }) => (
  <Plain title="This link does not work" preferences={readPreferences(request)}>
    <RestingBell />
    <h1>This link does not work</h1>
    <p class="plain-text">
      It is incomplete, or its account is gone. Nothing was changed. You can also switch the e-mails off in the
      settings.
    </p>
    <p class="plain-actions">
      <a class="button button-primary" href="/settings#reminders">
        Open the settings
      </a>
    </p>
  </Plain>
);
