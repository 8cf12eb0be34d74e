import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../../api.ts";
import { quote } from "../../door/flash.ts";
import { field, jsonOf } from "../../door/form.ts";
import { show } from "../../door/show.tsx";
import { seeOtherWith, type Visit } from "../../door/visit.ts";
import { Html } from "../../ui/html.ts";
import { settingsPage } from "../settings-page.tsx";

/** `POST /settings/passkeys/start`: the page whose script has the browser make the passkey. */
export async function startPasskey(visit: Visit): Promise<Response> {
  try {
    const options = await visit.api.startPasskey();
    return await show(visit, {
      title: "Make a passkey",
      place: "settings",
      main: <MakePasskey options={JSON.stringify(options)} name={field(visit.form, "passkey_name").trim()} />,
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "conflict") throw error;
    return settingsPage(visit, {
      returned: { section: "passkeys", errors: { "": error.detail } },
      status: error.status,
    });
  }
}

const MakePasskey = ({ options, name }: { options: string; name: string }) => (
  <div class="column">
    <header class="page-head">
      <h1>Make a passkey</h1>
    </header>
    <div class="panel setting-body">
      <noscript>
        <p class="notice notice-alarm">
          Passkeys need JavaScript. Turn it on for this page, or stay with your password.
        </p>
      </noscript>
      <p>Your browser asks where to keep it, and for your fingerprint, face or PIN.</p>
      <form class="form" method="post" action="/settings/passkeys" data-passkey="" data-options={options} hidden>
        <input type="hidden" name="credential" value="" />
        <input type="hidden" name="name" value={name} />
        <p class="notice notice-alarm" role="alert" data-passkey-error="" hidden />
        <p class="form-end">
          <button type="submit" class="button button-primary">
            Make the passkey
          </button>
          <a class="button" href="/settings#passkeys">
            Cancel
          </a>
        </p>
      </form>
    </div>
  </div>
);

/** `POST /settings/passkeys`: what the browser made. */
export async function createPasskey(visit: Visit): Promise<Response> {
  try {
    const credential = jsonOf(field(visit.form, "credential"));
    const agent = visit.request.headers.get("user-agent") ?? undefined;
    const made = await visit.api.createPasskey({ credential, name: field(visit.form, "name") }, agent);
    return seeOtherWith("/settings#passkeys", { text: `The passkey ${quote(made.name)} is ready.` }, visit);
  } catch (error) {
    if (!(error instanceof Problem) || !["invalid", "conflict"].includes(error.code)) throw error;
    const text = error.code === "conflict" ? error.detail : "That was no passkey for this site. Try again.";
    return seeOtherWith("/settings#passkeys", { text }, visit);
  }
}

/** `POST /settings/passkeys/{id}/remove`. Succeeds if it is already gone. */
export async function removePasskey(visit: Visit): Promise<Response> {
  await visit.api.removePasskey(visit.params.id ?? "").catch(nullWhenGone);
  const text = `Removed the passkey ${quote(field(visit.form, "name"))}. Every other session has ended.`;
  return seeOtherWith("/settings#passkeys", { text }, visit);
}
