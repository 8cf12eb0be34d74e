/** Where internal routes live; a route of this shape has no place on a listener that everybody reaches. */
const internalShape = /^\/(internal|events|job|dapr)(\/|$)/i;

/** @throws Error naming the first route that only neighbours may ask for: the internal door alone asks who calls. */
export function requireOpenPaths(routes: readonly { method: string; path: string }[]): void {
  const inner = routes.find(({ path }) => internalShape.test(path));
  if (inner) throw new Error(`${inner.method} ${inner.path} is internal; it belongs to createInternalService.`);
}
