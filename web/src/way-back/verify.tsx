import { Problem } from "@carillon/kit/service";
import { type Preferences, readPreferences } from "../door/cookies.ts";
import { html } from "../door/respond.ts";
import type { RouteContext, Web } from "../door/visit.ts";
import { Porch } from "../layout.tsx";
import { Html } from "../ui/html.ts";

/** `GET /verify/{token}`: a button and nothing else, for mail programs look at links by themselves. */
export const showVerify = async ({ request }: RouteContext): Promise<Response> =>
  html(<ConfirmPage path={new URL(request.url).pathname} preferences={readPreferences(request)} />);

/** `POST /verify/{token}`. */
export const verify =
  (web: Web) =>
  async ({ request, params }: RouteContext): Promise<Response> => {
    const preferences = readPreferences(request);
    try {
      await web.api.verify(params.token ?? "", web.clientOf(request));
    } catch (error) {
      if (!(error instanceof Problem) || (error.code !== "invalid" && error.code !== "conflict")) throw error;
      return html(<OverPage isTaken={error.code === "conflict"} preferences={preferences} />, { status: error.status });
    }
    return html(<ConfirmedPage preferences={preferences} />);
  };

type Props = { preferences: Preferences };

const ConfirmPage = ({ path, preferences }: Props & { path: string }) => (
  <Porch title="Confirm your address" preferences={preferences}>
    <h1>Confirm your address</h1>
    <p class="porch-lead">You received the mail, so the address is yours. Reminders are sent to it from then on.</p>
    <form class="porch-form" method="post" action={path}>
      <button type="submit" class="button button-primary button-wide">
        Confirm the address
      </button>
    </form>
    <p class="porch-other">If you have no account here, close this page: nothing happens.</p>
  </Porch>
);

const ConfirmedPage = ({ preferences }: Props) => (
  <Porch title="Your address is confirmed" preferences={preferences}>
    <h1>Your address is confirmed</h1>
    <p class="porch-lead">Reminders reach you here, and so does a way back should you forget the password.</p>
    <p class="porch-form">
      <a class="button button-primary button-wide" href="/today">
        Go to your tasks
      </a>
    </p>
    <p class="porch-other">
      You do not know the password of the account? <a href="/forgot">Set a new one</a>
    </p>
  </Porch>
);

const OverPage = ({ isTaken, preferences }: Props & { isTaken: boolean }) => (
  <Porch title="This link is over" preferences={preferences}>
    <h1>This link is over</h1>
    <p class="porch-lead">
      {isTaken
        ? "Another account has this address by now. Nothing was changed."
        : "It was used already, is too old, or is not complete. If you confirmed the address before, all is well."}
    </p>
    <p class="porch-other">
      <a href="/settings#address">Send a new link from the settings</a>
    </p>
  </Porch>
);
