import { Elysia } from "elysia";
import { signedIn, type Web } from "../door/visit.ts";
import { createTag, deleteTag, tagOptions, updateTag } from "./change-tags.tsx";
import { showTags } from "./tags-page.tsx";

/** The page of tags, and the suggestions while the user types one. */
export const tagRoutes = (web: Web) =>
  new Elysia({ name: "tags" })
    .get("/tags", signedIn(web, showTags))
    .post("/tags", signedIn(web, createTag), raw)
    .get("/tags/options", signedIn(web, tagOptions))
    .post("/tags/:id", signedIn(web, updateTag), raw)
    .post("/tags/:id/delete", signedIn(web, deleteTag), raw);

const raw = { parse: "none" } as const;
