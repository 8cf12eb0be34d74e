import { type Static, Type } from "@sinclair/typebox";
import { EventData } from "../event.ts";
import { Uuid } from "../http/shared.ts";
import { Tag } from "../http/tags.ts";

/** `tag.*`, version 1. A tag's change is one event, however many tasks have it. */
export const TagEvent = Type.Object({ ...EventData.properties, tag_id: Uuid, tag_data: Tag });
export type TagEvent = Static<typeof TagEvent>;
