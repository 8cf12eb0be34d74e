/** One event as it was delivered; `entryId` is null when it came alone. */
export type Entry = { entryId: string | null; raw: unknown };

/** `carrierCounts`: the carrier counts retries. */
export type Delivery = { bulk: boolean; entries: Entry[]; carrierCounts: boolean };

/**
 * Maximum size of a gathered delivery, for the consumer's listener. A rejected one would be
 * redelivered without limit, with nothing behind it: a hundred of the largest events (three texts
 * of 20 000 characters, which a sidecar writes with up to 6 bytes each) must pass.
 */
export const mostDeliveryBytes = 48 * 1024 * 1024;

/** In the metadata of an envelope whose carrier counts tries; a sidecar's never has it. */
export const carrierCounts = { tries: "counted" } as const;

/**
 * The entries of a delivery's body: Dapr's bulk envelope (`{entries: [{entryId, event}]}`) or one bare
 * CloudEvent; null when the text is not a JSON object.
 */
export function entriesOf(text: string): Delivery | null {
  const body = parse(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  if (!("entries" in body)) return { bulk: false, entries: [{ entryId: null, raw: body }], carrierCounts: false };
  if (!Array.isArray(body.entries)) return null;
  return { bulk: true, entries: body.entries.map(entryOf), carrierCounts: saysItCounts(body) };
}

function saysItCounts(body: object): boolean {
  const metadata = "metadata" in body ? body.metadata : null;
  return (
    typeof metadata === "object" && metadata !== null && "tries" in metadata && metadata.tries === carrierCounts.tries
  );
}

function entryOf(given: unknown): Entry {
  if (typeof given !== "object" || given === null) return { entryId: "", raw: null };
  const entryId = "entryId" in given ? String(given.entryId) : "";
  const event = "event" in given ? given.event : null;
  // A sidecar that could not parse an event's bytes passes them on as text.
  return { entryId, raw: typeof event === "string" ? parse(event) : event };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
