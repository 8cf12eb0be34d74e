import type { Static, TSchema } from "@sinclair/typebox";
import { explain } from "./explain.ts";

export type Decoded<Value> = { fits: true; value: Value } | { fits: false; wrong: string };

/** `value` as what the schema describes; or, as a pointer and a sentence, the first place that does not fit. For what neighbours send. */
export function decode<Schema extends TSchema>(schema: Schema, value: unknown): Decoded<Static<Schema>> {
  const [wrong] = explain(schema, value);
  if (wrong) return { fits: false, wrong: `${wrong.pointer} ${wrong.detail}`.trim() };
  // Sound: just checked against the schema.
  return { fits: true, value: value as Static<Schema> };
}
