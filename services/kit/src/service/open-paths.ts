/** The paths of internal routes; a route of this shape must not be on a public listener. */
const internalShape = /^\/(internal|events|job|dapr)(\/|$)/i;

/** @throws Error naming the first internal route: only the internal door checks the caller. */
export function requireOpenPaths(routes: readonly { method: string; path: string }[]): void {
  const inner = routes.find(({ path }) => internalShape.test(path));
  if (inner) throw new Error(`${inner.method} ${inner.path} is internal; it belongs to createInternalService.`);
}
