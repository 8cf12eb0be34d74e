import { Plain } from "../layout.tsx";
import { Html } from "../ui/html.ts";
import { RestingBell } from "../ui/mark.tsx";
import { html } from "./respond.ts";
import type { Visit } from "./visit.ts";

/** Goes on to the provider by itself: after a form, a redirect to another site would be held back. */
export const onwardPage = async (
  { preferences }: Visit,
  { url, provider, cookie }: { url: string; provider: string; cookie: string },
): Promise<Response> =>
  html(
    <Plain title={`On to ${provider}`} preferences={preferences}>
      <RestingBell />
      <h1 safe>{`On to ${provider}`}</h1>
      <p class="plain-text" safe>
        {`${provider} asks you to sign in there, and sends you back.`}
      </p>
      <p class="plain-actions">
        <a class="button button-primary" href={url}>
          Go on
        </a>
        <a class="button" href="/settings#provider">
          Cancel
        </a>
      </p>
    </Plain>,
    { headers: { refresh: `0; url=${url}` }, cookies: [cookie] },
  );
