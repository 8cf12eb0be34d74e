import type { ApiDeps } from "../../deps.ts";
import { exportedTags, taskParts, toExported } from "./read-parts.ts";

/** The export's JSON, part by part. */
export async function* jsonParts(deps: ApiDeps, userId: string): AsyncGenerator<string> {
  const head = {
    format: "carillon",
    version: 1,
    exported_at: deps.clock.now(),
    tags: await exportedTags(deps, userId),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"tasks":[`;
  let comma = "";
  for await (const states of taskParts(deps, userId, { trash: true })) {
    yield comma + states.map((state) => JSON.stringify(toExported(state))).join(",");
    comma = ",";
  }
  yield "]}";
}
