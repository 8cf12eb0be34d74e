/** What no string may do to a service: half a character, and the sign that PostgreSQL's text cannot hold. */
const oddStrings = ["\ud800", "a\u0000b"] as const;

type Schema = {
  type?: string;
  format?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  examples?: unknown[];
  default?: unknown;
  minimum?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
};

/** A value of this schema with every member it may have. `id`: what a UUID is. */
export function sampleOf(schema: Schema, id: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.examples?.length) return schema.examples[0];
  if (schema.enum?.length) return schema.enum[0];
  const choice = schema.anyOf?.find((one) => one.type !== "null") ?? schema.anyOf?.[0];
  if (choice) return sampleOf(choice, id);
  if (schema.properties)
    return Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, sampleOf(one, id)]));
  if (schema.type === "array") return [sampleOf(schema.items ?? {}, id)];
  if (schema.type === "object") return { x: "x" };
  if (schema.type === "integer" || schema.type === "number") return schema.minimum ?? 1;
  if (schema.type === "boolean") return true;
  if (schema.format === "uuid") return id;
  if (schema.format === "date-time") return "2027-01-04T09:00:00Z";
  return "x";
}

/** `value` once for every string in it, names of members included, and for each of the odd strings: that one in its place. */
export function* withOddStrings(value: unknown): Generator<unknown> {
  if (typeof value === "string") {
    yield* oddStrings;
    for (const inner of asJson(value)) yield JSON.stringify(inner);
  } else if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) for (const odd of withOddStrings(one)) yield value.with(at, odd);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, one] of Object.entries(value))
      for (const odd of withOddStrings(one)) yield { ...value, [name]: odd };
    for (const odd of oddStrings) yield { ...value, [odd]: "x" };
  }
}

/** The odd forms of JSON that a string carries, as a hidden field does. */
function asJson(text: string): Iterable<unknown> {
  if (!/^[[{]/.test(text)) return [];
  try {
    return withOddStrings(JSON.parse(text));
  } catch {
    return [];
  }
}

/** The same for one alternative after the other: the fields of a form, those that it has twice included. */
export function* withOddFields(fields: readonly (readonly [string, string])[]): Generator<string> {
  for (const [at, [name, value]] of fields.entries()) {
    for (const odd of withOddStrings(value)) {
      const changed = new URLSearchParams(fields.with(at, [name, String(odd)]).map(([key, text]) => [key, text]));
      yield changed.toString();
    }
    // Half a character as bytes: an encoder would mend it.
    yield `${new URLSearchParams(fields.toSpliced(at, 1).map(([key, text]) => [key, text]))}&${encodeURIComponent(name)}=%ED%A0%80`;
  }
}
