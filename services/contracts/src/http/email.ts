import { domainToASCII, domainToUnicode } from "node:url";
import { Kind, Type, TypeRegistry } from "@sinclair/typebox";

/** The parts of an e-mail address; `domain` in ASCII, as DNS and mail servers know it. */
type Mailbox = { local: string; domain: string };

/** RFC 5321 §4.5.3.1, in bytes. */
const maxLocalBytes = 64;
const maxAddressBytes = 254;

const atom = "(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\\p{ASCII}\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}])+";
const dotAtom = new RegExp(`^${atom}(?:\\.${atom})*$`, "u");
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** Not an IP address: a mail domain's last label is never a number (RFC 3696 §2). */
const hostName = new RegExp(`^(?:${label}\\.)*(?!\\d+$)${label}$`);

/**
 * The address as a mail server takes it, the domain in ASCII (RFC 5891); null for text that is not an
 * address. Surrounding blanks are ignored. Local parts are dot-atoms of RFC 5321 or RFC 6531: no
 * quotes, brackets or comments.
 */
export function mailAddress(text: string): string | null {
  const parts = parse(text);
  return parts === null ? null : `${parts.local}@${parts.domain}`;
}

/**
 * The address for comparison: case-insensitive, with letters composed and the domain in one spelling
 * (`münchen.example`, `xn--mnchen-3ya.example`). Text that is not an address has a key too, which
 * names no account.
 */
export function addressKey(text: string): string {
  const parts = parse(text);
  const spelt = parts === null ? text.trim() : `${parts.local}@${domainToUnicode(parts.domain)}`;
  return spelt.normalize("NFC").toLowerCase().normalize("NFC");
}

function parse(text: string): Mailbox | null {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, Math.max(0, at));
  if (!dotAtom.test(local) || bytes(local) > maxLocalBytes) return null;
  const domain = domainToASCII(trimmed.slice(at + 1));
  if (!hostName.test(domain) || bytes(local) + 1 + domain.length > maxAddressBytes) return null;
  return { local, domain };
}

const bytes = (text: string): number => new TextEncoder().encode(text).byteLength;

/** An e-mail address as a request may contain it; its reader trims it. */
export const EmailAddress = (notes: { examples?: string[] } = {}) =>
  Type.Unsafe<string>({
    [Kind]: "EmailAddress",
    type: "string",
    format: "email",
    minLength: 3,
    maxLength: 254,
    ...notes,
  });

/** What is wrong with `value` as an address; null when nothing is. */
export const explainEmail = (value: unknown): string | null => {
  if (typeof value !== "string") return "must be text";
  return mailAddress(value) === null ? "must be an e-mail address such as ada@example.com" : null;
};

TypeRegistry.Set("EmailAddress", (_schema, value) => explainEmail(value) === null);
