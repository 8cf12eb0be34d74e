/** The value of a request's cookie; null without one, and for an empty one. The first wins when a name comes twice. */
export const cookieOf = (request: Request, name: string): string | null =>
  new Bun.CookieMap(request.headers.get("cookie") ?? "").get(name)?.trim() || null;
