import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { FetchApi } from "../api.ts";
import type { RouteContext } from "./visit.ts";

/** `GET /calendar/{secret}.ics`: api's answer, handed through; the address is the whole credential, and is logged nowhere. */
export const calendarFeedRoute = ({ fetchApi }: { fetchApi: FetchApi }) =>
  new Elysia().get("/calendar/:token", async ({ request, params }: RouteContext) => {
    const known = request.headers.get("if-none-match");
    const address = `http://localhost/calendar/${encodeURIComponent(params.token ?? "")}`;
    const asked = new Request(address, { headers: known === null ? {} : { "if-none-match": known } });
    const answer = await fetchApi(asked).catch((cause: unknown) => {
      throw new Problem("unavailable", "Carillon's server is not answering right now.", {
        headers: { "retry-after": "5" },
        cause,
      });
    });
    const headers = new Headers();
    for (const name of ["content-type", "etag", "cache-control", "x-robots-tag", "retry-after"]) {
      const value = answer.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Response(answer.body, { status: answer.status, headers });
  });
