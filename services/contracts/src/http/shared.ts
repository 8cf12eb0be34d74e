import { type TSchema, Type } from "@sinclair/typebox";

/** An instant in an answer: UTC with milliseconds, `2026-11-21T09:00:00.000Z`. */
export const Instant = Type.String({ format: "date-time", examples: ["2026-11-27T16:00:00.000Z"] });

/** An instant in a request: RFC 3339 with an offset, years 1970–2199; checked by the service, not by the pattern. */
export const InstantInput = Type.String({
  maxLength: 64,
  format: "date-time",
  examples: ["2026-11-27T17:00:00+01:00"],
});

export const Uuid = Type.String({ format: "uuid" });

export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "IANA name",
  examples: ["Europe/Berlin"],
});

export const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** A request's object: a typo in a name is an error, not ignored. */
export const Strict = { additionalProperties: false } as const;

/** A page of a list. `next_cursor` is null on the last one. */
export const Page = <Item extends TSchema>(item: Item) =>
  Type.Object({ data: Type.Array(item), next_cursor: Nullable(Type.String()) });

export const limit = (fallback: number) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      default: fallback,
      description: "maximum items; a page of large entries is shorter, about half a megabyte",
    }),
  );
/** Opaque; valid for the same list, filter and sort only. */
export const Cursor = Type.String({ minLength: 1, maxLength: 2_000, pattern: "^[A-Za-z0-9_-]+$" });

/** The body of every error answer (RFC 9457). */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ examples: ["urn:carillon:problem:invalid"] }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    trace_id: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
    challenge: Type.Optional(
      Type.String({ description: "Beside `second_factor_required`: for `POST /api/signin/second`." }),
    ),
  },
  { $id: "Problem" },
);
