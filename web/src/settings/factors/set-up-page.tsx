import type { TotpSecret } from "@carillon/contracts/http/factors";
import { show } from "../../door/show.tsx";
import type { Visit } from "../../door/visit.ts";
import { type FieldErrors, TextField } from "../../ui/field.tsx";
import { Html } from "../../ui/html.ts";
import { Icon } from "../../ui/icon.tsx";
import { FormEnd, FormError } from "../form-parts.tsx";
import { QrCode } from "./qr-code.tsx";

/** The secret, as a picture and as text, and the field for the app's first code. */
export const setUpPage = async (
  visit: Visit,
  app: TotpSecret,
  { errors = {}, status = 200 }: { errors?: FieldErrors; status?: number } = {},
): Promise<Response> =>
  show(visit, {
    title: "Set up two-step sign-in",
    place: "settings",
    status,
    main: (
      <div class="column">
        <header class="page-head">
          <h1>Set up two-step sign-in</h1>
        </header>
        <div class="panel setting-body">
          <p>1. Scan this code with your authenticator app.</p>
          <QrCode text={app.uri} label="QR code for your authenticator app; the same as text follows" />
          <div>
            <p>No camera? Type this secret into the app instead:</p>
            <code class="secret" tabindex="0" safe>
              {inGroups(app.secret)}
            </code>
          </div>
          <form class="form" method="post" action="/settings/two-step/confirm">
            <input type="hidden" name="secret" value={app.secret} />
            <input type="hidden" name="uri" value={app.uri} />
            <FormError errors={errors} />
            <TextField
              name="code"
              label="2. Type the six digits that the app shows now"
              error={errors.code}
              autocomplete="one-time-code"
              maxlength={20}
              required
            />
            <FormEnd label="Turn it on" />
          </form>
          <p>
            <a href="/settings#two-step">Cancel</a>
          </p>
        </div>
      </div>
    ),
  });

/** The only page that ever shows the recovery codes. */
export const recoveryCodesPage = async (visit: Visit, codes: readonly string[]): Promise<Response> =>
  show(visit, {
    title: "Your recovery codes",
    place: "settings",
    main: (
      <div class="column">
        <header class="page-head">
          <h1>Your recovery codes</h1>
        </header>
        <div class="panel setting-body">
          <p class="notice notice-good" role="status">
            Two-step sign-in is on. Every other session has ended.
          </p>
          <p>
            Keep these codes where your phone is not. Each signs you in once without the app, and they are shown this
            once.
          </p>
          <ul class="recovery-codes">
            {codes.map((code) => (
              <li>
                <code safe>{code}</code>
              </li>
            ))}
          </ul>
          <p class="form-end">
            <button type="button" class="button" data-copy={codes.join("\n")} hidden>
              <span data-label="">Copy</span>
            </button>
            <button type="button" class="button" data-print="" hidden>
              Print
            </button>
            <a class="button" download="carillon-recovery-codes.txt" href={fileOf(codes)}>
              <Icon name="download" />
              Download
            </a>
            <a class="button button-primary" href="/settings#two-step">
              I have kept them
            </a>
          </p>
        </div>
      </div>
    ),
  });

const inGroups = (secret: string): string => secret.replace(/(.{4})(?=.)/g, "$1 ");

const fileOf = (codes: readonly string[]): string =>
  `data:text/plain;charset=utf-8,${encodeURIComponent(`Carillon recovery codes\n\n${codes.join("\n")}\n`)}`;
