import { ProofOfPassword } from "@carillon/contracts/http/ways-back";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { provePassword } from "../prove-password.ts";
import { logged } from "../security-log.ts";

export const proveAgainRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/proof",
    async ({ request }) => {
      const person = personOf(request);
      const { password } = await readBody(request, ProofOfPassword);
      requireNoQuery(request);
      await logged(deps, request, { event: "proof of password", subject: { user_id: person.userId } }, async () => {
        const proof = await provePassword(deps, request, person, password);
        if (proof === null) throw invalid({ pointer: "/password", detail: "is not your password" });
      });
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Prove your password again, for what answers proof_required",
        description: "Counts for five minutes, in this session.",
        tag: "Accounts",
        body: ProofOfPassword,
        answers: { 204: "Proven" },
      }),
    },
  );
