import { Elysia } from "elysia";
import type { Web } from "../door/visit.ts";
import { showVerify, verify } from "./verify.tsx";
import { askForLink, setPassword, showForgot, showReset } from "./way-back.ts";

/** A forgotten password: `/forgot` asks for a link, `/reset/{token}` is where it leads. `/verify/{token}` confirms an address. */
export const wayBackRoutes = (web: Web) =>
  new Elysia({ name: "way back" })
    .get("/forgot", showForgot)
    .post("/forgot", askForLink(web), raw)
    .get("/reset/:token", showReset)
    .post("/reset/:token", setPassword(web), raw)
    .get("/verify/:token", showVerify)
    .post("/verify/:token", verify(web), raw);

const raw = { parse: "none" } as const;
