import { Elysia } from "elysia";
import type { Web } from "../door/visit.ts";
import { passkeyOptions, signInByPasskey } from "./passkey-sign-in.ts";
import { goToProvider, returnFromProvider } from "./provider-sign-in.ts";
import { takeSecondStep } from "./second-step.ts";
import { showSignIn, showSignUp, signIn, signOut, signUp } from "./sign-in.ts";

/** Signing up, in and out. */
export const signInRoutes = (web: Web) =>
  new Elysia({ name: "sign-in" })
    .get("/sign-in", showSignIn(web))
    .post("/sign-in", signIn(web), raw)
    .post("/sign-in/second", takeSecondStep(web), raw)
    .post("/sign-in/passkey/options", passkeyOptions(web), raw)
    .post("/sign-in/passkey", signInByPasskey(web), raw)
    .get("/sign-in/provider", goToProvider(web))
    .get("/sign-in/provider/callback", returnFromProvider(web))
    .get("/sign-up", showSignUp(web))
    .post("/sign-up", signUp(web), raw)
    .post("/sign-out", signOut(web), raw);

const raw = { parse: "none" } as const;
