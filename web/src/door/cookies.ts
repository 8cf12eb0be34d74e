import { secureSessionCookie, sessionCookie } from "@carillon/contracts/names";
import { cookieOf } from "@carillon/kit/http";

/** The cookies of web. All are HttpOnly and SameSite=Lax: no script needs them, no other site can send them with a form. */
/** The mark of a browser that has signed in: api slows down others' wrong passwords, and not this browser's. */
export const deviceCookie = "carillon_device";
export const themeCookie = "carillon_theme";
export const shortcutsCookie = "carillon_shortcuts";
export const densityCookie = "carillon_density";
export const soundCookie = "carillon_sound";
export const flashCookie = "carillon_flash";

/** A `Set-Cookie` line; without `maxAgeSeconds` the cookie lives as long as the browser does. `secure` on https addresses. */
export function writeCookie(
  name: string,
  value: string,
  { secure, maxAgeSeconds }: { secure: boolean; maxAgeSeconds?: number },
): string {
  const life = maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`;
  return `${name}=${value}; Path=/${life}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

/** The session of whoever sent the request; the name without its prefix is read for one release, for sessions from before. */
export const readSession = (request: Request): string | null =>
  cookieOf(request, secureSessionCookie) ?? cookieOf(request, sessionCookie);

/** `Set-Cookie` lines for a session. On https no neighbouring host can plant a cookie of that name, and none under the old one counts. */
export function writeSession(
  session: string,
  { secure, maxAgeSeconds }: { secure: boolean; maxAgeSeconds: number },
): string[] {
  if (!secure) return [writeCookie(sessionCookie, session, { secure, maxAgeSeconds })];
  return [writeCookie(secureSessionCookie, session, { secure, maxAgeSeconds }), clearCookie(sessionCookie, { secure })];
}

export const clearSession = ({ secure }: { secure: boolean }): string[] =>
  (secure ? [secureSessionCookie, sessionCookie] : [sessionCookie]).map((name) => clearCookie(name, { secure }));

export const clearCookie = (name: string, { secure }: { secure: boolean }): string =>
  writeCookie(name, "", { secure, maxAgeSeconds: 0 });

export type Theme = "light" | "dark" | "system";

export type Density = "compact" | "comfortable";

export type Preferences = { theme: Theme; shortcuts: boolean; density: Density; sound: boolean };

/** How this browser wants its pages; kept in cookies because it belongs to the device, not to the account. */
export function readPreferences(request: Request): Preferences {
  const theme = cookieOf(request, themeCookie);
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    density: cookieOf(request, densityCookie) === "comfortable" ? "comfortable" : "compact",
    sound: cookieOf(request, soundCookie) === "on",
    shortcuts: cookieOf(request, shortcutsCookie) !== "off",
  };
}
