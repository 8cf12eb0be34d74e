import { parseInstant } from "@carillon/calendar/zone";
import { explainEmail } from "@carillon/contracts/http/email";
import { explainText } from "@carillon/contracts/http/text";
import type { InputError } from "@carillon/contracts/problem";
import { FormatRegistry, type TSchema, Type } from "@sinclair/typebox";
import { type TypeCheck, TypeCompiler } from "@sinclair/typebox/compiler";
import { type ValueError, ValueErrorType } from "@sinclair/typebox/errors";

/** Registers our formats. Call it again after loading a library that registers its own under the same names. */
export function registerFormats(): void {
  FormatRegistry.Set("uuid", (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value));
  FormatRegistry.Set("date-time", (value) => parseInstant(value) !== null);
}
registerFormats();

const checks = new WeakMap<TSchema, TypeCheck<TSchema>>();

/** The compiled check of a schema, cached. */
export function checkOf(schema: TSchema): TypeCheck<TSchema> {
  const known = checks.get(schema);
  if (known) return known;
  const made = TypeCompiler.Compile(schema);
  checks.set(schema, made);
  return made;
}

const most = 20;

/** Every fault of `value` (at most 20), each in words for its author; empty when it fits the schema. */
export function explain(schema: TSchema, value: unknown): InputError[] {
  const check = checkOf(schema);
  if (check.Check(value)) return [];
  const found = new Map<string, string>();
  for (const error of check.Errors(value)) {
    for (const { pointer, detail } of explainOne(error)) if (!found.has(pointer)) found.set(pointer, detail);
    if (found.size >= most) break;
  }
  return [...found].map(([pointer, detail]) => ({ pointer, detail }));
}

function explainOne(error: ValueError): InputError[] {
  const choices: TSchema[] | undefined = error.schema.anyOf;
  if (!choices) return [{ pointer: error.path, detail: sentence(error) }];
  const real = choices.filter((choice) => choice.type !== "null");
  const [only] = real;
  // "null or X": the fault is X's.
  if (real.length === 1 && only) return nested(error, only);
  if (real.every((choice) => choice.const !== undefined)) {
    return [{ pointer: error.path, detail: `must be one of ${real.map((choice) => choice.const).join(", ")}` }];
  }
  const shape = real.find((choice) => sharesAKey(choice, error.value));
  return shape ? nested(error, shape) : [{ pointer: error.path, detail: `must be ${real.map(wanted).join(" or ")}` }];
}

function nested(error: ValueError, schema: TSchema): InputError[] {
  return explain(schema, error.value).map(({ pointer, detail }) => ({ pointer: error.path + pointer, detail }));
}

const sharesAKey = (schema: TSchema, value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).some((key) => key in (schema.properties ?? {}));

const wanted = (schema: TSchema): string =>
  schema.type === "object" ? `{${Object.keys(schema.properties ?? {}).join(", ")}}` : withArticle(String(schema.type));

const withArticle = (type: string): string =>
  ({
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
  })[type] ?? type;

function sentence(error: ValueError): string {
  const { schema } = error;
  switch (error.type) {
    case ValueErrorType.Kind:
      return explainKind(schema, error.value) ?? "is not valid";
    case ValueErrorType.ObjectAdditionalProperties:
      return "is not a known field";
    case ValueErrorType.ObjectRequiredProperty:
      return "is required";
    case ValueErrorType.StringFormat:
      return formats[String(schema.format)] ?? "is not valid";
    case ValueErrorType.StringPattern:
      return `must look like ${schema.examples?.[0] ?? schema.pattern}`;
    case ValueErrorType.StringMinLength:
      return `must have at least ${schema.minLength} characters`;
    case ValueErrorType.StringMaxLength:
      return `must have at most ${schema.maxLength} characters`;
    case ValueErrorType.ArrayMaxItems:
      return `must have at most ${schema.maxItems} entries`;
    case ValueErrorType.IntegerMinimum:
      return `must be at least ${schema.minimum}`;
    case ValueErrorType.IntegerMaximum:
      return `must be at most ${schema.maximum}`;
    case ValueErrorType.Literal:
      return `must be ${JSON.stringify(schema.const)}`;
    default:
      return schema.type ? `must be ${withArticle(String(schema.type))}` : "is not valid";
  }
}

/** Our own kinds of text explain their faults themselves. */
const explainKind = ({ format, minLength, maxLength, multiline }: TSchema, value: unknown): string | null =>
  format === "email" ? explainEmail(value) : explainText({ minLength, maxLength, multiline }, value);

const formats: Record<string, string> = {
  "date-time": "must be an RFC 3339 instant with offset, 1970–2199, such as 2026-11-27T17:00:00+01:00",
  uuid: "must be a UUID",
};

/** A schema's words for a wrong type, used where a query's text cannot be read as that type. */
export const wrongType = (schema: TSchema): string =>
  `must be ${withArticle(String(schema.type ?? Type.Unknown().type))}`;
