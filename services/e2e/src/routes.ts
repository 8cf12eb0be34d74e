import { createApp as createApi } from "@carillon/api/app";
import { createApp as createWeb, type WebDeps } from "@carillon/web/app";

/** A route as its service declares it: `GET /tasks/:id`. */
export type Route = { method: string; path: string };

const apiParts = ["sql", "log", "clock", "databaseNow", "invoke", "newId", "passwords", "seals", "health", "settings"];
const webParts = ["fetchApi", "log", "clock", "publicUrl", "trustedProxies", "newKey", "realtime"];

/** Every address of `web`, from its own route table. */
export const webRoutes = (): Route[] =>
  plain(createWeb({ ...absent<WebDeps>(webParts), appToken: "of-the-route-table" }).routes);

/** Every address of `api`, from its own route table; those for neighbours and the sidecar included. */
export const apiRoutes = (): Route[] => plain(createApi(absent(apiParts)).routes);

const plain = (routes: readonly Route[]): Route[] => routes.map(({ method, path }) => ({ method, path }));

/** Replaces a service's dependencies while only its routes are read: every part of it does nothing. */
function absent<Deps>(parts: readonly string[]): Deps {
  const nothing: unknown = new Proxy(() => nothing, {
    get: (_target, name) => (typeof name === "symbol" ? undefined : nothing),
  });
  // Sound: it is only passed on.
  return Object.fromEntries(parts.map((part) => [part, nothing])) as Deps;
}
