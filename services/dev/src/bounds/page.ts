import { join, resolve } from "node:path";
import type { Bound } from "./bound.ts";
import { bounds } from "./table.ts";

export const pageFile = join(resolve(import.meta.dir, "../../../.."), "docs", "bounds.md");

const head = `# What could grow, and what ends it

Every queue, buffer, cache, map and socket of the product, with its bound (G25). This page is made by \`npm run gen\` from
\`services/dev/src/bounds\`; \`services/dev/src/bounds/bounds.test.ts\` holds each line to the code, and fails for a collection
that the table does not name. What a person stores is bounded, too: [\`services/api/test/limits.test.ts\`](../services/api/test/limits.test.ts).

A pod of the product has 384 MB. \`services/launch/embedded/test/unread-readers.test.ts\` opens 200 sockets that request for exports, histories, pages
and streams and do not read: the process stays below 350 MB and serves all other clients.
`;

const row = ({ what, file, bound, beyond, test: [testFile] }: Bound): string =>
  `| ${what} | ${bound} | ${beyond} | \`${file}\` | \`${testFile}\` |`;

/** The text of docs/bounds.md. */
export function boundsPage(): string {
  const tables = Object.entries(bounds).map(([title, rows]) =>
    [
      `## ${title}`,
      "",
      "| what | bound | one more | where | proven in |",
      "| --- | --- | --- | --- | --- |",
      ...rows.map(row),
      "",
    ].join("\n"),
  );
  return `${head}\n${tables.join("\n")}`;
}
