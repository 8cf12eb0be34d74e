import { resolve } from "node:path";
import { openapi } from "@elysiajs/openapi";
import { Elysia } from "elysia";
import redocScript from "redoc/bundles/redoc.standalone.js" with { type: "file" };
import swaggerStyle from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import swaggerScript from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import { registerFormats } from "../http/explain.ts";

// The plugin brings zod's idea of "uuid" and "email" and registers it over ours.
registerFormats();

export type ApiDescription = {
  title: string;
  version: string;
  description: string;
  tags: { name: string; description: string }[];
};

/**
 * `/openapi.json` (3.1) generated from the routes' own descriptions, `/docs` (Swagger UI) and `/redoc`
 * (ReDoc). Everything a page loads comes from this origin: it works offline and under a strict
 * Content-Security-Policy.
 */
export const apiDocs = ({ title, version, description, tags }: ApiDescription) =>
  new Elysia({ name: "api-docs" })
    .use(
      openapi({
        provider: null,
        path: "/docs",
        specPath: "/openapi.json",
        documentation: {
          openapi: "3.1.0",
          info: { title, version, description, license: { name: "MIT" } },
          tags,
          components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
        },
      }),
    )
    .get("/docs", () => page(title, swaggerBody), hidden)
    .get("/redoc", () => page(title, redocBody), hidden)
    .get("/docs/assets/:file", ({ params }) => asset(params.file), hidden);

const hidden = { detail: { hide: true } };

const swaggerBody = `<link rel="stylesheet" href="/docs/assets/swagger-ui.css"><main id="swagger-ui"></main>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/assets/start-swagger.js"></script>`;

const redocBody = `<main><redoc spec-url="/openapi.json" disable-search></redoc></main><script src="/docs/assets/redoc.standalone.js"></script>`;

const startSwagger = `window.ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, persistAuthorization: false });`;

function page(title: string, body: string): Response {
  return new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head><body>${body}</body></html>`,
    {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
      },
    },
  );
}

/** Both viewers style their elements directly and ReDoc builds a worker from a blob; scripts are only ours. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'";

const files: Record<string, { path: string; type: string }> = {
  "swagger-ui.css": { path: swaggerStyle, type: "text/css" },
  "swagger-ui-bundle.js": { path: swaggerScript, type: "text/javascript" },
  "redoc.standalone.js": { path: redocScript, type: "text/javascript" },
};

function asset(name: string): Response {
  const headers = { "cache-control": "public, max-age=86400", "x-content-type-options": "nosniff" };
  if (name === "start-swagger.js")
    return new Response(startSwagger, { headers: { ...headers, "content-type": "text/javascript" } });
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (!file) return new Response("There is no such file.", { status: 404 });
  // In a built program the path is relative to it, whatever the working directory.
  return new Response(Bun.file(resolve(import.meta.dir, file.path)), {
    headers: { ...headers, "content-type": file.type },
  });
}
