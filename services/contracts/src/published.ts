import type { TObject } from "@sinclair/typebox";
import { type EventType, eventTypes, subscriptionsOf, topicsOf } from "./catalog.ts";
import { dataSchemaOf, eventSchemas } from "./event-schemas.ts";
import { topics } from "./names.ts";

/** File name → JSON Schema (2020-12) of each event's `data`, as committed under `schemas/`. */
export function schemaFiles(): Map<string, string> {
  return new Map(
    [...eventSchemas].map(([type, schema]) => {
      const document = {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        $id: `urn:carillon:event:${type}/v1`,
        ...plain(schema),
      };
      return [`${type}.v1.json`, `${JSON.stringify(document, null, 2)}\n`];
    }),
  );
}

/** TypeBox marks its schemas with symbols, which JSON does not have. */
const plain = (schema: TObject): object => JSON.parse(JSON.stringify(schema));

/** `docs/events.md`: each event, its topics and its consumers. */
export function eventsPage(): string {
  return [
    "# Events",
    "",
    "Made from `services/contracts/src` by `npm run gen`; a test refuses a stale page.",
    "",
    "Every event is a [CloudEvents 1.0](https://cloudevents.io) envelope whose `type` is the name below, `dataschema` is",
    "`urn:carillon:event:<type>/v1` and `partitionkey` is the user's id. Within a version, fields may only be added as optional.",
    "Every event but `session.revoked` is also sent to `task-updates` as `task.changed`, without its content.",
    "",
    "| type | topics | `data` besides the common fields |",
    "|---|---|---|",
    ...eventTypes.map(
      (type) =>
        `| \`${type}\` | ${topicsOf(type)
          .map((topic) => `\`${topic}\``)
          .join(", ")} | ${own(type)} |`,
    ),
    "",
    "Common fields: `event_type`, `user_id`, `task_id`, `change_seq`, `actor`, `timestamp`, `version`, `changes` (field → [before, after]);",
    "`via`, where an assistant did it: the conversation or the access token on whose word.",
    "",
    "## Consumers",
    "",
    "| topic | service | route | tries | delay | dead letters |",
    "|---|---|---|---|---|---|",
    ...topics.flatMap((topic) =>
      subscriptionsOf(topic).map(({ service, route, retry, deadLetter }) => {
        const delay = retry.maxMs === 0 ? "none" : `${retry.firstMs} ms doubling to ${retry.maxMs} ms`;
        return `| \`${topic}\` | \`${service}\` | \`POST ${route}\` | ${retry.attempts} | ${delay} | ${deadLetter ? `\`${deadLetter}\`` : "none"} |`;
      }),
    ),
    "",
  ].join("\n");
}

const common = new Set([
  "event_type",
  "user_id",
  "task_id",
  "change_seq",
  "actor",
  "via",
  "timestamp",
  "version",
  "changes",
]);

const own = (type: EventType): string =>
  Object.keys(dataSchemaOf(type).properties)
    .filter((field) => !common.has(field))
    .map((field) => `\`${field}\``)
    .join(", ");
