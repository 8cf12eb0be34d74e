import { cookieOf } from "@carillon/kit/http";
import { clearCookie, writeCookie } from "./cookies.ts";
import { localPath } from "./form.ts";

/** What the browser keeps while it is at the sign-in provider's page. */
export type KeptFlow = {
  /** For api, which knows by it what was started. */
  flow: string;
  next: string;
  timeZone: string | null;
  /** The provider is being connected to the account that is signed in. */
  isLink: boolean;
};

type Secure = { secure: boolean };

/** On https no neighbouring host can plant it. */
const nameOf = ({ secure }: Secure): string => (secure ? "__Host-carillon_provider" : "carillon_provider");

/** The `Set-Cookie` line. */
export const writeFlow = (kept: KeptFlow, { secure, maxAgeSeconds }: Secure & { maxAgeSeconds: number }): string =>
  writeCookie(nameOf({ secure }), Buffer.from(JSON.stringify(kept)).toString("base64url"), { secure, maxAgeSeconds });

export const clearFlow = ({ secure }: Secure): string => clearCookie(nameOf({ secure }), { secure });

/** Null for anything that is not one. */
export function readFlow(request: Request, web: Secure): KeptFlow | null {
  const value = cookieOf(request, nameOf(web));
  if (value === null) return null;
  try {
    const { flow, next, timeZone, isLink }: Partial<KeptFlow> = JSON.parse(Buffer.from(value, "base64url").toString());
    if (typeof flow !== "string") return null;
    const zone = typeof timeZone === "string" ? timeZone : null;
    return { flow, next: localPath(String(next ?? ""), "/today"), timeZone: zone, isLink: isLink === true };
  } catch {
    return null;
  }
}
