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
 * `/unsubscribe/{token}`, the address in a mail's headers. Nobody needs to be signed in: the token itself says whose mail it is. A GET changes
 * nothing, since mail programs look at links by themselves; the POST comes from the button, or from a mail program's own one (RFC 8058).
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
  <Plain title="Stop the mails" preferences={readPreferences(request)}>
    <RestingBell />
    <h1>Stop the mails?</h1>
    <p class="plain-text">
      Carillon then sends you no more reminders by e-mail. Your tasks and their reminders stay as they are, and you can
      switch the mails on again in the settings.
    </p>
    <form method="post" action={new URL(request.url).pathname}>
      <p class="plain-actions">
        <button type="submit" class="button button-primary">
          Send no more mails
        </button>
        <a class="button" href="/today">
          Leave it
        </a>
      </p>
    </form>
  </Plain>
);

const Done = ({ request }: { request: Request }) => (
  <Plain title="No more mails" preferences={readPreferences(request)}>
    <RestingBell />
    <h1>The bells keep still</h1>
    <p class="plain-text">You get no more reminders by e-mail. In the settings you can switch them on again.</p>
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
      It is not complete, or its account is gone. Nothing was changed. In the settings you can switch the mails off,
      too.
    </p>
    <p class="plain-actions">
      <a class="button button-primary" href="/settings#reminders">
        Open the settings
      </a>
    </p>
  </Plain>
);
