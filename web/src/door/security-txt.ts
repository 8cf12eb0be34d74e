import type { Clock } from "@carillon/kit/ports";
import { Elysia } from "elysia";

/** The contact for reporting a vulnerability; the policy is `SECURITY.md` of the repository. */
const contact = "https://github.com/carillon-app/carillon/security/advisories/new";
const policy = "https://github.com/carillon-app/carillon/blob/main/SECURITY.md";
/** Less than the year that RFC 9116 allows. */
const validDays = 180;

/** `GET /.well-known/security.txt` (RFC 9116): how to report a vulnerability of this product. */
export const securityTxtRoute = ({ clock, publicUrl }: { clock: Clock; publicUrl: URL }) =>
  new Elysia().get("/.well-known/security.txt", () => {
    const expires = new Date(clock.now().getTime() + validDays * 86_400_000).toISOString();
    const own = new URL("/.well-known/security.txt", publicUrl).href;
    const lines = [`Contact: ${contact}`, `Expires: ${expires}`, `Policy: ${policy}`, "Preferred-Languages: en, de"];
    return new Response(`${[...lines, `Canonical: ${own}`].join("\n")}\n`, {
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  });
