import { cookieOf } from "@carillon/kit/http";
import { type Client, Problem } from "@carillon/kit/service";
import type { Entered } from "../api.ts";
import { clearCookie, clearSession, flashCookie, readPreferences, readSession, writeCookie } from "../door/cookies.ts";
import { readFlash, writeFlash } from "../door/flash.ts";
import { field, localPath, readForm } from "../door/form.ts";
import { renewWhenDue } from "../door/renew.ts";
import { html, seeOther } from "../door/respond.ts";
import { seeOtherWith, type Web } from "../door/visit.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { fieldErrors } from "../ui/field-errors.ts";
import { browserOf, enter } from "./enter.ts";
import { secondStepOf } from "./second-step.ts";
import { SignInPage, SignUpPage } from "./sign-in-page.tsx";

type Context = { request: Request };

/** Problems that a user can correct in the same form; others have a page of their own. */
const mendable = ["invalid", "malformed", "conflict", "unauthenticated", "too_many_requests", "unavailable"];

/** `GET /sign-in`. */
export const showSignIn =
  (web: Web) =>
  async ({ request }: Context): Promise<Response> =>
    isSignedIn(web, request)
      ? seeOther(nextOf(request))
      : pageOf(web, request, SignInPage, { values: { email: "" }, errors: {}, next: nextOf(request) });

/** `POST /sign-in`. */
export const signIn =
  (web: Web) =>
  async ({ request }: Context): Promise<Response> => {
    const form = await readForm(request);
    const next = localPath(form.get("next"), "/today");
    try {
      const body = { email: field(form, "email"), password: field(form, "password") };
      return enter(web, await web.api.signIn(body, browserOf(web, request)), next);
    } catch (error) {
      const secondStep = await secondStepOf(error, request, next);
      if (secondStep) return secondStep;
      const refused = asMendable(error);
      const values = { email: field(form, "email") };
      return pageOf(web, request, SignInPage, { values, errors: signInErrors(refused), next, refused });
    }
  };

/** `GET /sign-up`. */
export const showSignUp =
  (web: Web) =>
  async ({ request }: Context): Promise<Response> =>
    isSignedIn(web, request)
      ? seeOther("/today")
      : pageOf(web, request, SignUpPage, {
          values: { email: "", name: "", time_zone: "UTC" },
          errors: {},
          next: nextOf(request),
        });

/** `POST /sign-up`. */
export const signUp =
  (web: Web) =>
  async ({ request }: Context): Promise<Response> => {
    const form = await readForm(request);
    const next = localPath(form.get("next"), "/today");
    const values = {
      email: field(form, "email"),
      name: field(form, "name"),
      time_zone: field(form, "time_zone") || "UTC",
    };
    try {
      const body = { ...values, name: values.name.trim(), password: field(form, "password") };
      return welcome(web, await web.api.signUp(body, browserOf(web, request)), next);
    } catch (error) {
      const refused = asMendable(error);
      const taken = { email: "This e-mail address already has an account. Sign in instead, or use another one." };
      const errors = refused.code === "conflict" ? taken : fieldErrors(refused, signUpPlaces);
      return pageOf(web, request, SignUpPage, { values, errors, next, refused });
    }
  };

/** `POST /sign-out`: ends the session at api and removes its cookie, even if only one of them existed. */
export const signOut =
  (web: Web) =>
  async ({ request }: Context): Promise<Response> => {
    const session = readSession(request, web);
    if (session !== null) await leave(web, session, web.clientOf(request)).catch(alreadyOut);
    return seeOtherWith("/sign-in", { text: "You are signed out." }, web, [clearSession(web)]);
  };

const signUpPlaces = {
  email: { field: "email", label: "The e-mail" },
  password: { field: "password", label: "The password" },
  name: { field: "name", label: "The name" },
  time_zone: { field: "time_zone", label: "The time zone" },
};

function signInErrors(problem: Problem): FieldErrors {
  if (problem.code === "unauthenticated") return { password: "E-mail or password is wrong." };
  return fieldErrors(problem, signUpPlaces);
}

/** A session lives longer than its token, so one that has run out is renewed to be ended. */
async function leave(web: Web, given: string, client: Client): Promise<void> {
  const { session } = await renewWhenDue(web, given, client);
  await web.api.as(session, client).signOut();
}

function alreadyOut(error: unknown): void {
  if (!(error instanceof Problem) || error.code !== "unauthenticated") throw error;
}

function asMendable(error: unknown): Problem {
  if (error instanceof Problem && mendable.includes(error.code)) return error;
  throw error;
}

/** A new user whose address has to be confirmed hears so at once. */
function welcome(web: Web, entered: Entered, next: string): Response {
  const { email, email_verified } = entered.signedIn.user;
  const text = `Welcome. A mail went to ${email}: open its link to confirm the address, or no reminders are sent.`;
  const flash = { secure: web.secure, maxAgeSeconds: 60 };
  const cookies = email_verified ? [] : [writeCookie(flashCookie, writeFlash({ text }), flash)];
  return enter(web, entered, next, cookies);
}

const isSignedIn = (web: Web, request: Request): boolean => readSession(request, web) !== null;

const nextOf = (request: Request): string => localPath(new URL(request.url).searchParams.get("next"), "/today");

type PageState<Values> = { values: Values; errors: FieldErrors; next: string; refused?: Problem };
type Page<Values> = (
  props: PageState<Values> & {
    provider: string | null;
    preferences: ReturnType<typeof readPreferences>;
    flash: ReturnType<typeof readFlash>;
  },
) => JSX.Element;

async function pageOf<Values>(
  web: Web,
  request: Request,
  page: Page<Values>,
  state: PageState<Values>,
): Promise<Response> {
  const flash = readFlash(cookieOf(request, flashCookie));
  const options = {
    status: state.refused?.status ?? 200,
    headers: state.refused?.headers ?? {},
    cookies: flash ? [clearCookie(flashCookie, web)] : [],
  };
  const provider = await web.provider();
  return html(page({ ...state, provider, preferences: readPreferences(request), flash }), options);
}
