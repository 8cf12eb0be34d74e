import { Elysia } from "elysia";
import type { Web } from "../door/visit.ts";
import { showSignIn, showSignUp, signIn, signOut, signUp } from "./sign-in.ts";

/** Signing up, in and out. `addressOf` is the network address a request came from. */
export const signInRoutes = (web: Web, addressOf: (request: Request) => string) => {
  const open =
    (handler: (context: { request: Request; address: string }) => Promise<Response>) =>
    async ({ request }: { request: Request }) =>
      handler({ request, address: addressOf(request) });
  return new Elysia({ name: "sign-in" })
    .get("/sign-in", open(showSignIn(web)))
    .post("/sign-in", open(signIn(web)), raw)
    .get("/sign-up", open(showSignUp(web)))
    .post("/sign-up", open(signUp(web)), raw)
    .post("/sign-out", open(signOut(web)), raw);
};

const raw = { parse: "none" } as const;
