import type { Description, Operation, Parameter, Schema } from "./describe-api.ts";

/**
 * `docs/api.yaml`: the description that the API serves at `/openapi.json`, for tools that read a file. A part of an operation is one line of
 * JSON, which is YAML too: a changed route changes its own lines and nothing else.
 */
export function apiYaml(description: Description): string {
  const { paths, ...rest } = description;
  const head = Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const routes = Object.entries(paths).flatMap(([path, methods]) => [
    `  ${JSON.stringify(path)}:`,
    ...Object.entries(methods).flatMap(([method, operation]) => [
      `    ${method}:`,
      ...Object.entries(operation).flatMap(([key, value]) => linesOf(key, value)),
    ]),
  ]);
  const note =
    "# Made from the routes by `npm run gen`; a test refuses a stale file. The running product serves the same at /openapi.json.";
  return `${[note, ...head, "paths:", ...routes].join("\n")}\n`;
}

const linesOf = (key: string, value: unknown): string[] =>
  key === "responses"
    ? [
        `      responses:`,
        ...Object.entries(Object(value)).map(([status, answer]) => `        "${status}": ${JSON.stringify(answer)}`),
      ]
    : [`      ${key}: ${JSON.stringify(value)}`];

/** `docs/api-reference.md`: every operation with its parameters, body, and answers. */
export function apiReference({ info, tags, paths }: Description): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const described = new Map(tags.map(({ name, description }) => [name, description]));
  const names = new Set([...described.keys(), ...operations.map(({ operation }) => operation.tags?.[0] ?? "Other")]);
  const sections = [...names].flatMap((name) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? "Other") === name);
    if (own.length === 0) return [];
    const details = own.map(({ method, path, operation }) => detail(method, path, operation)).join("\n");
    const about = described.get(name);
    return [[`## ${name}`, ...(about ? [`${about}.`] : []), details].join("\n\n")];
  });
  const rows = operations.map(
    ({ method, path, operation }) =>
      `| \`${method} ${path}\` | ${cell(operation.summary ?? "")} | ${operation.tags?.[0] ?? ""} |`,
  );
  return `# API reference

Made from the routes by \`npm run gen\`; a test refuses a stale page. The same as a file for tools: [api.yaml](api.yaml); from a running product: \`/docs\`, \`/redoc\`,
\`/openapi.json\` on port 8000. Tools for assistants: [mcp-tools.md](mcp-tools.md). Events: [events.md](events.md).

${info.description}

\`\`\`sh
curl -s localhost:8000/api/signup -H 'content-type: application/json' -d '{"email":"ada@example.com","password":"correct horse battery"}'
curl -s localhost:8000/api/tasks -H "authorization: Bearer $TOKEN"
\`\`\`

Times are RFC 3339 with an offset in requests and UTC with milliseconds in answers; fields that are not described are refused with 422, and every problem has \`type\`, \`title\`, \`status\`, \`detail\`, \`instance\`, \`trace_id\` and, for input,
\`errors\` with JSON pointers. Send \`Idempotency-Key\` with what must not happen twice, and \`If-Match\` with the version you have read.

| operation | does | about |
| --- | --- | --- |
${rows.join("\n")}

${sections.join("\n")}`;
}

function detail(method: string, path: string, operation: Operation): string {
  const { summary = "", description = "", parameters = [], requestBody, responses = {}, security = [] } = operation;
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const answers = Object.entries(responses).map(([status, { description: meaning = "", content }]) => {
    const schema = Object.values(content ?? {})[0]?.schema;
    const shape = schema && Number(status) < 400 ? `: ${shapeOf(schema)}` : "";
    return `- **${status}** ${meaning}${shape}`;
  });
  return [
    `### ${method} ${path}`,
    [summary, description].filter((text) => text !== "").join(". "),
    security.length === 0 ? "Without a token." : "",
    fields("parameter", parameters.map(rowOfParameter)),
    body ? fields("body", rowsOfBody(body)) : "",
    answers.join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

type Row = { name: string; type: string; isRequired: boolean; means: string };

const fields = (what: string, rows: Row[]): string =>
  rows.length === 0
    ? ""
    : [
        `| ${what} | is | required | means |`,
        "| --- | --- | --- | --- |",
        ...rows.map(
          ({ name, type, isRequired, means }) =>
            `| \`${name}\` | ${cell(type)} | ${isRequired ? "yes" : ""} | ${cell(means)} |`,
        ),
      ].join("\n");

const rowOfParameter = ({ name, in: place, required = false, description, schema = {} }: Parameter): Row => ({
  name: place === "path" ? `{${name}}` : name,
  type: typeOf(schema),
  isRequired: required,
  means: description ?? schema.description ?? "",
});

function rowsOfBody(schema: Schema): Row[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeOf(property),
    isRequired: required.includes(name),
    means: property.description ?? "",
  }));
}

/** A type in words: `text, at most 200 characters`, `one of low, high`, `list of …`. */
function typeOf(schema: Schema): string {
  const { type, format, anyOf, allOf, items, const: only, enum: choices } = schema;
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (choices) return `one of ${choices.map((choice) => `\`${JSON.stringify(choice)}\``).join(", ")}`;
  const alternatives = anyOf ?? allOf;
  if (alternatives) {
    const constants = alternatives.flatMap((one) => (one.const === undefined ? [] : [`\`${String(one.const)}\``]));
    if (constants.length === alternatives.length) return `one of ${constants.join(", ")}`;
    return [...new Set(alternatives.map(typeOf))].join(" or ");
  }
  if (items) return `list of ${typeOf(items)}${schema.maxItems === undefined ? "" : `, at most ${schema.maxItems}`}`;
  if (schema.properties) return `object (${Object.keys(schema.properties).join(", ")})`;
  const name = format ?? (Array.isArray(type) ? type.join(" or ") : (type ?? "any"));
  return `${words[name] ?? name}${limitsOf(schema)}`;
}

const words: Record<string, string> = {
  string: "text",
  integer: "whole number",
  null: "null",
  "date-time": "instant",
  uuid: "id",
};

function limitsOf({ minimum, maximum, maxLength, format }: Schema): string {
  const range = minimum === undefined && maximum === undefined ? "" : `, ${minimum ?? "…"} to ${maximum ?? "…"}`;
  return maxLength === undefined || format ? range : `${range}, at most ${maxLength} characters`;
}

const shapeOf = (schema: Schema): string =>
  schema.properties
    ? Object.keys(schema.properties)
        .map((name) => `\`${name}\``)
        .join(", ")
    : typeOf(schema);

/** Text within a table's cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
