import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { createTagRoute } from "./create-tag.ts";
import { deleteTagRoute } from "./delete-tag.ts";
import { listTagsRoute } from "./list-tags.ts";
import { updateTagRoute } from "./update-tag.ts";

export { deleteTag } from "./delete-tag.ts";
export { ensureTags } from "./ensure-tags.ts";
export { insertTag } from "./insert-tag.ts";
export { listTags } from "./list-tags.ts";
export { loadTag } from "./load-tag.ts";
export { colorFor as tagColor, nameKeyOf, type TagRow, toTag } from "./tag-row.ts";
export { newTagCourse, type TagCourse, undoTag } from "./undo-tag.ts";
export { updateTag } from "./update-tag.ts";

export const tagRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "tags" })
    .use(listTagsRoute(deps))
    .use(createTagRoute(deps))
    .use(updateTagRoute(deps))
    .use(deleteTagRoute(deps));
