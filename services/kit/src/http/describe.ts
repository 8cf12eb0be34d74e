import { ProblemSchema } from "@carillon/contracts/http/shared";
import { problems } from "@carillon/contracts/problem";
import type { TObject, TSchema } from "@sinclair/typebox";
import type { DocumentDecoration } from "elysia";

type Answers = Record<number, TSchema | string>;

export type Description = {
  summary: string;
  tag: string;
  description?: string;
  body?: TSchema;
  query?: TObject;
  /** Path parameters by name → their meaning. */
  params?: Record<string, string>;
  /** Status → the body's schema, or a sentence for an answer without a body. */
  answers: Answers;
  /** Media types in which a successful answer also comes, as text. */
  texts?: readonly string[];
  /** Header name → its effect. */
  headers?: Record<string, string>;
  /** Headers of a successful answer: name → meaning. */
  answerHeaders?: Record<string, string>;
  /** Error statuses of this route besides those of every route of its kind. */
  errors?: readonly number[];
  /** False for the few public routes. */
  auth?: boolean;
};

/**
 * The OpenAPI operation of a route, as Elysia's `detail`, from the same TypeBox schemas that
 * `readBody` and `readQuery` check. Elysia's own validation is bypassed on purpose, so it cannot
 * describe the route by itself.
 */
export function describe(route: Description): DocumentDecoration {
  const operation = {
    summary: route.summary,
    tags: [route.tag],
    ...(route.description ? { description: route.description } : {}),
    ...(route.auth === false ? { security: [] } : { security: [{ bearer: [] }] }),
    parameters: [
      ...pathParameters(route.params ?? {}),
      ...queryParameters(route.query),
      ...headerParameters(route.headers ?? {}),
    ],
    ...(route.body ? { requestBody: { required: true, content: { "application/json": { schema: route.body } } } } : {}),
    responses: {
      ...errorAnswers(route),
      ...(route.query
        ? { 431: { description: "The address is longer than the server reads (16 KiB); it answers without a body" } }
        : {}),
      ...goodAnswers(route),
    },
  };
  // TypeBox schemas are JSON Schema as in OpenAPI 3.1; Elysia's type only knows 3.0's dialect.
  return operation as unknown as DocumentDecoration;
}

const pathParameters = (params: Record<string, string>) =>
  Object.entries(params).map(([name, description]) => ({
    name,
    in: "path" as const,
    required: true,
    description,
    schema: { type: "string" as const },
  }));

const headerParameters = (headers: Record<string, string>) =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: "header" as const,
    required: false,
    description,
    schema: { type: "string" as const },
  }));

function queryParameters(query: TObject | undefined) {
  if (!query) return [];
  const required = new Set(query.required ?? []);
  return Object.entries(query.properties).map(([name, schema]) => ({
    name,
    in: "query" as const,
    required: required.has(name),
    ...(schema.description ? { description: String(schema.description) } : {}),
    schema,
  }));
}

function goodAnswers({ answers, answerHeaders = {}, texts = [] }: Description) {
  const asText = Object.fromEntries(texts.map((type) => [type, { schema: { type: "string" } }]));
  const headers = Object.fromEntries(
    Object.entries(answerHeaders).map(([name, description]) => [name, { description, schema: { type: "string" } }]),
  );
  return Object.fromEntries(
    Object.entries(answers).map(([status, body]) => [
      status,
      typeof body === "string"
        ? { description: body, headers }
        : { description: "OK", headers, content: { "application/json": { schema: body }, ...asText } },
    ]),
  );
}

/** Every route can be overloaded or unavailable and rejects an unknown query; a guarded one can reject the caller. */
function errorAnswers(route: Description) {
  const statuses = new Set<number>([422, 429, 503, ...(route.errors ?? [])]);
  if (route.auth !== false) for (const status of [401, 403]) statuses.add(status);
  if (route.body) for (const status of [400, 413, 415]) statuses.add(status);
  if (route.params) statuses.add(404);
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      { description: titleOf(status), content: { "application/problem+json": { schema: ProblemSchema } } },
    ]),
  );
}

const titleOf = (status: number): string =>
  Object.values(problems).find((problem) => problem.status === status)?.title ?? "Error";
