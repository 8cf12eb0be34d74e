import { answer, describe, isUuid, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { personOf } from "../../auth/caller.ts";
import type { ApiDeps } from "../../deps.ts";

export const deleteFeedRoute = ({ sql }: ApiDeps) =>
  new Elysia().delete(
    "/api/feeds/:id",
    async ({ request, params }) => {
      const { userId } = personOf(request);
      if (!isUuid(params.id)) throw notFound();
      const [known] = await sql`select from api.feeds where user_id = ${userId} and id = ${params.id}`;
      if (!known) throw notFound();
      requireNoQuery(request);
      await sql`delete from api.feeds where user_id = ${userId} and id = ${params.id}`;
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Revoke a calendar: its address stops working at once",
        tag: "Import and export",
        params: { id: "The calendar's id" },
        answers: { 204: "Revoked" },
      }),
    },
  );
