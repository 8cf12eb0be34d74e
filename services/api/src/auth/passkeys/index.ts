import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { askPasskeyRoute } from "./ask-passkey.ts";
import { createPasskeyRoute } from "./create-passkey.ts";
import { listPasskeysRoute } from "./list-passkeys.ts";
import { passkeySignInRoute } from "./passkey-sign-in.ts";
import { removePasskeyRoute } from "./remove-passkey.ts";
import { startPasskeyRoute } from "./start-passkey.ts";

/** Passkeys, which open an account by themselves. */
export const passkeyRoutes = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia({ name: "passkeys" })
    .use(askPasskeyRoute(deps, entrance))
    .use(passkeySignInRoute(deps, entrance))
    .use(startPasskeyRoute(deps))
    .use(createPasskeyRoute(deps))
    .use(listPasskeysRoute(deps))
    .use(removePasskeyRoute(deps));
