import { Elysia } from "elysia";
import { signedIn, type Web } from "../../door/visit.ts";
import { createPasskey, removePasskey, startPasskey } from "./change-passkeys.tsx";
import { removeProvider, startProvider } from "./change-provider.tsx";
import { confirmTwoStep, startTwoStep, turnOffTwoStep } from "./change-two-step.ts";

/** What signs in besides the password. */
export const factorRoutes = (web: Web) =>
  new Elysia({ name: "factors" })
    .post("/settings/two-step", signedIn(web, startTwoStep), raw)
    .post("/settings/two-step/confirm", signedIn(web, confirmTwoStep), raw)
    .post("/settings/two-step/off", signedIn(web, turnOffTwoStep), raw)
    .post("/settings/passkeys/start", signedIn(web, startPasskey), raw)
    .post("/settings/passkeys", signedIn(web, createPasskey), raw)
    .post("/settings/passkeys/:id/remove", signedIn(web, removePasskey), raw)
    .post("/settings/provider", signedIn(web, startProvider), raw)
    .post("/settings/provider/:id/remove", signedIn(web, removeProvider), raw);

const raw = { parse: "none" } as const;
