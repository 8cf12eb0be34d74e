import { type ProblemCode, problems } from "@carillon/contracts/problem";
import type { Problem } from "@carillon/kit/service";
import { Plain } from "../layout.tsx";
import { Html } from "../ui/html.ts";
import { RestingBell } from "../ui/mark.tsx";
import { AlarmToast } from "../ui/toast.tsx";
import { clearSession, flashCookie, readPreferences, readSession, writeCookie } from "./cookies.ts";
import { writeFlash } from "./flash.ts";
import { formOf } from "./form.ts";
import { ProofPage } from "./proof-page.tsx";
import { html, isHtmx, seeOther } from "./respond.ts";

const headings: Partial<Record<ProblemCode, string>> = {
  not_found: "Page not found",
  forbidden: "Not allowed",
  method_not_allowed: "This cannot be done here",
  too_many_requests: "Too fast",
  unavailable: "Carillon is not answering right now",
  internal: "Something went wrong",
};

const explanations: Partial<Record<ProblemCode, string>> = {
  not_found: "The address is wrong, or what was here has been deleted. A deleted task waits in the trash for 30 days.",
  unavailable: "Your tasks are safe, and what you typed is below. Wait a moment, then try again.",
  internal:
    "This is not your fault. Try again; if it keeps happening, report the number below to the operator of this Carillon.",
};

/** A problem as a page, or, for htmx, as a message beside the unchanged page. */
export async function presentFailure(
  problem: Problem,
  request: Request,
  traceId: string,
  { secure, provider }: { secure: boolean; provider: () => Promise<string | null> },
): Promise<Response> {
  if (problem.code === "unauthenticated") return askToSignIn(request, { secure });
  // Reloading a form's address: the form's page is one step up.
  if (problem.code === "method_not_allowed" && request.method === "GET")
    return seeOther(new URL(request.url).pathname.replace(/\/[^/]*\/?$/, "") || "/");
  if (problem.code === "proof_required" && !isHtmx(request))
    return html(<ProofPage problem={problem} request={request} provider={await provider()} />, {
      status: problem.status,
    });
  const explanation = explanations[problem.code] ?? problem.detail;
  if (isHtmx(request))
    return beside(
      <AlarmToast text={`${problem.detail || problems[problem.code].title} Nothing was changed.`} />,
      problem.status,
      problem.headers,
    );
  const heading = headings[problem.code] ?? problems[problem.code].title;
  const page = (
    <Plain title={heading} preferences={readPreferences(request)}>
      <RestingBell />
      <h1 safe>{heading}</h1>
      <p class="plain-text" safe>
        {problem.code === "unavailable" && !formOf(request)
          ? explanation.replace(", and what you typed is below", "")
          : explanation}
      </p>
      {problem.code === "internal" ? (
        <p class="plain-trace">
          <code safe>{traceId}</code>
        </p>
      ) : null}
      <WayOn problem={problem} request={request} />
    </Plain>
  );
  return html(page, { status: problem.status, headers: problem.headers });
}

const WayOn = ({ problem, request }: { problem: Problem; request: Request }) => {
  const form = formOf(request);
  const again = problem.status >= 500 || problem.status === 429;
  if (again && form) return <SendAgain request={request} form={form} />;
  const { pathname, search } = new URL(request.url);
  return (
    <p class="plain-actions">
      {again && request.method === "GET" ? (
        <a class="button button-primary" href={`${pathname}${search}`}>
          Try again
        </a>
      ) : null}
      <a class={["button", again ? "" : "button-primary"]} href="/today">
        Go to today
      </a>
      {problem.code === "not_found" ? (
        <a class="button" href="/trash">
          Look in the trash
        </a>
      ) : null}
    </p>
  );
};

const secretField = /password|token/;
/** Fields a form carries for its own use. */
const unseenField = /^(key|back|was|version|next)$/;

/** What a form shows of itself. */
const typedIn = (form: URLSearchParams): [string, string][] =>
  [...form].filter(([name, value]) => !secretField.test(name) && !unseenField.test(name) && value !== "");

const isTyped = (form: URLSearchParams): boolean => typedIn(form).length > 0;

/** The same form again, with everything that was typed except secrets; its Idempotency-Key makes a retry harmless. */
const SendAgain = ({ request, form }: { request: Request; form: URLSearchParams }) => {
  const { pathname, search } = new URL(request.url);
  const fields = [...form].filter(([name]) => !secretField.test(name));
  const typed = typedIn(form);
  return (
    <form method="post" action={`${pathname}${search}`} class="plain-again">
      {fields.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {typed.length > 0 ? (
        <dl class="typed">
          {typed.map(([name, value]) => (
            <div>
              <dt dir="auto" safe>
                {name.replaceAll("_", " ")}
              </dt>
              <dd dir="auto" safe>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <p class="plain-actions">
        {fields.length === [...form].length ? (
          <button type="submit" class="button button-primary">
            Try again
          </button>
        ) : null}
        <a class="button" href={pathname.startsWith("/sign-") ? pathname : "/today"}>
          Discard
        </a>
      </p>
    </form>
  );
};

/** A request without a session: to the sign-in page and back; a posted form is kept. */
async function askToSignIn(request: Request, { secure }: { secure: boolean }): Promise<Response> {
  // A page goes nowhere by itself: what is typed on it is worth more than what is new.
  if (isHtmx(request)) return beside(<SessionToast />, 401);
  const hadSession = readSession(request, { secure }) !== null;
  const { pathname, search } = new URL(request.url);
  const form = formOf(request);
  if (form === null || (!hadSession && !isTyped(form))) {
    const next = request.method === "GET" ? `?${new URLSearchParams({ next: pathname + search })}` : "";
    const signIn = pathname === "/" ? "/sign-in" : `/sign-in${next}`;
    return seeOther(signIn, hadSession ? endedSession(secure) : []);
  }
  const page = (
    <Plain title="You are signed out" preferences={readPreferences(request)}>
      <RestingBell />
      <h1>You are signed out</h1>
      <p class="plain-text">
        What you typed is kept below.{" "}
        <a href="/sign-in" target="_blank" rel="noopener">
          Sign in in a new tab
        </a>
        , then come back and try again.
      </p>
      <SendAgain request={request} form={form} />
    </Plain>
  );
  return html(page, { status: 401, cookies: [clearSession({ secure })] });
}

const SessionToast = () => (
  <AlarmToast text="You are signed out. What you typed is still here." link={{ href: "/sign-in", label: "Sign in" }} />
);

const endedSession = (secure: boolean): string[] => [
  clearSession({ secure }),
  writeCookie(flashCookie, writeFlash({ text: "Your session has ended. Sign in to go on." }), {
    secure,
    maxAgeSeconds: 60,
  }),
];

/** For htmx: only a message; the page, and what was typed on it, stays. */
const beside = (message: JSX.Element, status: number, headers: Record<string, string> = {}): Promise<Response> =>
  html(
    <hx-partial hx-target="#toasts" hx-swap="innerHTML">
      {message}
    </hx-partial>,
    { status, headers },
  );
