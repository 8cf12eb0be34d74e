/** Methods that some route of `app` answers at `path`, in alphabetical order; HEAD goes with GET. Empty: the path is unknown. */
export function allowedMethods(app: { routes: readonly { method: string; path: string }[] }, path: string): string[] {
  const methods = new Set<string>();
  for (const route of app.routes) if (patternOf(route.path).test(path)) methods.add(route.method);
  if (methods.has("GET")) methods.add("HEAD");
  methods.delete("WS");
  return [...methods].sort();
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
