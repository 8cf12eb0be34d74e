import type { InputError } from "@carillon/contracts/problem";
import { type Static, type TObject, type TSchema, Type } from "@sinclair/typebox";
import { invalid, Problem } from "../service/problem.ts";
import { arriving } from "./arriving.ts";
import { explain, wrongType } from "./explain.ts";
import { repeatedName } from "./repeated-name.ts";

/** Maximum body of an ordinary request, in bytes. */
export const bodyLimitBytes = 256 * 1024;

/**
 * The request's JSON body, exactly as the schema allows: unknown fields are errors, nothing is
 * converted or removed. Elysia's own reader coerces, strips and echoes the input, so routes read
 * through here.
 *
 * @throws Problem 415 when it is not JSON, 413 when too large, 400 when it cannot be parsed or names a field twice, 422
 * with pointers (RFC 6901) when it does not fit.
 */
export async function readBody<Schema extends TSchema>(
  request: Request,
  schema: Schema,
  options: { limitBytes?: number } = {},
): Promise<Static<Schema>> {
  const mediaType = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    throw new Problem("unsupported_media_type", "Send JSON with Content-Type: application/json.", {
      headers: { accept: "application/json" },
    });
  }
  return fit(schema, parseJson(await readBytes(request, options.limitBytes ?? bodyLimitBytes)));
}

/**
 * The body's bytes; reading stops at the limit, whatever Content-Length claims.
 * @throws Problem 413 when it is larger, 408 when the client is slow to send it or goes away.
 */
export async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new Problem("too_large", `A body may have at most ${limitBytes} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of arriving(request)) {
    size += chunk.byteLength;
    if (size > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The value of these bytes. @throws Problem 400 when they are no JSON in UTF-8, or an object has a name twice. */
export function parseJson(bytes: Uint8Array): unknown {
  const { text, value } = decoded(bytes);
  const name = repeatedName(text);
  if (name !== null) throw new Problem("malformed", "An object in the body has the same name twice.");
  return value;
}

function decoded(bytes: Uint8Array): { text: string; value: unknown } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new Problem("malformed", "The body is not valid JSON in UTF-8.", { cause });
  }
}

function fit<Schema extends TSchema>(schema: Schema, value: unknown): Static<Schema> {
  const errors = explain(schema, value);
  if (errors.length > 0) throw invalid(...errors);
  // Sound: `explain` found that the value fits the schema.
  return value as Static<Schema>;
}

/**
 * The query of a request as the schema's object. Numbers and booleans are read from their plain
 * spelling only (`10`, `true`); an unknown or repeated name is an error: a typo must not be
 * ignored.
 *
 * @throws Problem 422 whose pointers are the parameters' names.
 */
export function readQuery<Schema extends TObject>(request: Request, schema: Schema): Static<Schema> {
  const errors: InputError[] = [];
  const value: Record<string, unknown> = {};
  for (const [name, text] of new URL(request.url).searchParams) {
    const field = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (!field) errors.push({ pointer: name, detail: "is not a known parameter" });
    else if (Object.hasOwn(value, name)) errors.push({ pointer: name, detail: "is given more than once" });
    else value[name] = plain(field, text);
  }
  const known = new Set(errors.map((error) => error.pointer));
  for (const { pointer, detail } of explain(schema, value)) {
    const name = pointer.slice(1);
    const field = schema.properties[name];
    const text = value[name];
    if (!known.has(name))
      errors.push({ pointer: name, detail: field && text === unreadable ? wrongType(field) : detail });
  }
  if (errors.length > 0) throw invalid(...errors.slice(0, 20));
  // Sound: every property was checked against the schema above.
  return value as Static<Schema>;
}

const NoQuery = Type.Object({});

/** For routes without parameters: a query they would ignore is a mistake. @throws Problem 422 naming its parameters. */
export const requireNoQuery = (request: Request): void => void readQuery(request, NoQuery);

/** Represents text that is not a number or boolean: no schema accepts a symbol. */
const unreadable = Symbol("unreadable");

function plain(schema: TSchema, text: string): unknown {
  if (schema.type === "integer") return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : unreadable;
  if (schema.type === "boolean") return text === "true" ? true : text === "false" ? false : unreadable;
  return text;
}

/** True for a UUID in its usual spelling; any other id is unknown, so callers answer as for an unknown one. */
export const isUuid = (value: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
