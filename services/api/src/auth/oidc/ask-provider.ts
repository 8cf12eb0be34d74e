import { ProviderAway } from "./provider.ts";

/** For all requests of one step together: shorter than web waits for api. */
export const maxProviderMs = 4_000;

/** Metadata, keys and tokens have a few kB each. */
const maxAnswerBytes = 256 * 1024;

const local = ["localhost", "127.0.0.1", "[::1]"];

/** Whether an address may be asked: by https, or on this machine. */
export const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" || (protocol === "http:" && local.includes(hostname));

/** A `fetch` that follows no redirect, reads a bounded answer, and ends with `signal`. @throws ProviderAway for what is no answer. */
export const boundedFetch =
  (signal: AbortSignal) =>
  async (address: string, options: object): Promise<Response> => {
    if (!isSafe(new URL(address))) throw new ProviderAway("The provider names an address without TLS.");
    try {
      const response = await fetch(address, { ...options, redirect: "manual", signal });
      if (response.status >= 500) throw new ProviderAway(`The provider answered ${response.status}.`);
      const bytes = await readAtMost(response, maxAnswerBytes);
      return new Response(bytes.length === 0 ? null : bytes, { status: response.status, headers: response.headers });
    } catch (cause) {
      if (cause instanceof ProviderAway) throw cause;
      throw new ProviderAway("The provider cannot be reached.", { cause });
    }
  };

async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) throw new ProviderAway("The provider's answer is too long.");
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
