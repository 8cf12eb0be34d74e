import type { ApiDeps } from "../../deps.ts";
import { type ComponentKind, componentsOf } from "../formats/component.ts";
import { calendarEnd, calendarHead, vtimezone } from "../formats/ics.ts";
import { taskParts } from "./read-parts.ts";

type Asked = { name?: string; kind?: ComponentKind; tagId?: string | null };

/** Tasks outside the trash as a calendar, part by part; each zone comes before the first task that names it. */
export async function* icsParts(
  deps: ApiDeps,
  userId: string,
  { name = "Carillon", kind = "VTODO", tagId = null }: Asked = {},
): AsyncGenerator<string> {
  const known = new Set<string>();
  yield calendarHead(name);
  for await (const states of taskParts(deps, userId, { trash: false, tagId })) {
    const parts = states.map((state) => componentsOf(state, kind));
    const zones = new Set(parts.flatMap((part) => part.zones)).difference(known);
    for (const zone of zones) known.add(zone);
    yield [...zones].map(vtimezone).join("") + parts.map((part) => part.text).join("");
  }
  yield calendarEnd;
}
