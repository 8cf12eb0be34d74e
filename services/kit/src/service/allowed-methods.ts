type Routes = { routes: readonly { method: string; path: string }[] };

/**
 * Methods that some route of `app` answers at `path`, in alphabetical order; HEAD goes with GET.
 * Empty: the path is unknown.
 */
export function allowedMethods(app: Routes, path: string): string[] {
  const methods = new Set<string>();
  for (const route of app.routes) if (patternOf(route.path).test(path)) methods.add(route.method);
  if (methods.has("GET")) methods.add("HEAD");
  methods.delete("WS");
  return [...methods].sort();
}

/**
 * The pattern of the route that answers `path`, whatever the method if none has it; undefined: there
 * is no such address.
 */
export function routeAt(app: Routes, method: string, path: string): string | undefined {
  const routes = app.routes.filter((route) => patternOf(route.path).test(path));
  // Names are before parameters: `/files/export` is not `/files/:id`.
  routes.sort((a, b) => Number(a.path.includes(":")) - Number(b.path.includes(":")));
  return (routes.find((route) => route.method === method) ?? routes[0])?.path;
}

const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known) return known;
  const source = path
    .split("/")
    .map((part) => (part.startsWith(":") ? "[^/]+" : part === "*" ? ".*" : RegExp.escape(part)))
    .join("/");
  const made = new RegExp(`^${source}/?$`);
  patterns.set(path, made);
  return made;
}
