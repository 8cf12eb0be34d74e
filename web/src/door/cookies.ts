import { secureSessionCookie, sessionCookie } from "@carillon/contracts/names";
import { cookieOf } from "@carillon/kit/http";

/** The cookies of web. All are HttpOnly and SameSite=Lax: no script needs them, no other site can send them with a form. */

/** The mark of a browser that has signed in: api slows down others' wrong passwords, and not this browser's. */
const deviceCookie = "carillon_device";
/** The same on https, where no neighbouring host can plant it. */
const secureDeviceCookie = "__Host-carillon_device";
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

type Secure = { secure: boolean };

/** The session that came with the request; on https only under the name that no neighbouring host can give a cookie. */
export const readSession = (request: Request, { secure }: Secure): string | null =>
  cookieOf(request, secure ? secureSessionCookie : sessionCookie);

/** A session unused for this long has ended; its token runs out earlier and is renewed. */
const sessionSeconds = 7 * 86_400;

/** The `Set-Cookie` line for a session. */
export const writeSession = (session: string, { secure }: Secure): string =>
  writeCookie(secure ? secureSessionCookie : sessionCookie, session, { secure, maxAgeSeconds: sessionSeconds });

/** The mark of the browser that sent the request, read under the same rule. */
export const readDevice = (request: Request, { secure }: Secure): string | null =>
  cookieOf(request, secure ? secureDeviceCookie : deviceCookie);

/** The `Set-Cookie` line for the mark. */
export const writeDevice = (mark: string, { secure, ...life }: Secure & { maxAgeSeconds: number }): string =>
  writeCookie(secure ? secureDeviceCookie : deviceCookie, mark, { secure, ...life });

export const clearSession = ({ secure }: Secure): string =>
  clearCookie(secure ? secureSessionCookie : sessionCookie, { secure });

export const clearCookie = (name: string, { secure }: { secure: boolean }): string =>
  writeCookie(name, "", { secure, maxAgeSeconds: 0 });

export type Theme = "light" | "dark" | "system";

export type Density = "compact" | "comfortable";

export type Preferences = { theme: Theme; shortcuts: boolean; density: Density; sound: boolean };

/** Display preferences of this browser; in cookies because they belong to the device, not to the account. */
export function readPreferences(request: Request): Preferences {
  const theme = cookieOf(request, themeCookie);
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    density: cookieOf(request, densityCookie) === "comfortable" ? "comfortable" : "compact",
    sound: cookieOf(request, soundCookie) === "on",
    shortcuts: cookieOf(request, shortcutsCookie) !== "off",
  };
}
