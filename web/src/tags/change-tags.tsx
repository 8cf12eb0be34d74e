import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../api.ts";
import { quote } from "../door/flash.ts";
import { field } from "../door/form.ts";
import { html } from "../door/respond.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { fieldErrors } from "../ui/field-errors.ts";
import { Html } from "../ui/html.ts";
import { tagsPage } from "./tags-page.tsx";

const places = { name: { field: "name", label: "The name" }, color: { field: "color", label: "The colour" } };

/** Maximum suggestions under an input. */
const suggestionCount = 8;

/** `POST /tags`. */
export async function createTag(visit: Visit): Promise<Response> {
  const typed = typedTag(visit);
  try {
    const tag = await visit.api.createTag(typed, field(visit.form, "key") || visit.newKey());
    return seeOtherWith("/tags", { text: `Created the tag ${quote(tag.name)}.` }, visit);
  } catch (error) {
    return tagsPage(visit, { id: null, ...typed, errors: refusal(error) });
  }
}

/** `POST /tags/{id}`: another name, another colour. */
export async function updateTag(visit: Visit): Promise<Response> {
  const id = visit.params.id ?? "";
  const typed = typedTag(visit);
  try {
    const tag = await visit.api.updateTag(id, typed);
    return seeOtherWith("/tags", { text: `Saved the tag ${quote(tag.name)}.` }, visit);
  } catch (error) {
    return tagsPage(visit, { id, ...typed, errors: refusal(error) });
  }
}

/** `POST /tags/{id}/delete`. Succeeds if it is already gone. */
export async function deleteTag(visit: Visit): Promise<Response> {
  await visit.api.deleteTag(visit.params.id ?? "").catch(nullWhenGone);
  return seeOtherWith("/tags", { text: `Deleted the tag ${quote(field(visit.form, "name"))}.` }, visit);
}

/**
 * `GET /tags/options?tags=home, wo`: options for a datalist, each the whole text with its last name
 * completed. Names already in the text are not offered again.
 */
export async function tagOptions(visit: Visit): Promise<Response> {
  const parts = (visit.url.searchParams.get("tags") ?? "").split(",");
  const prefix = (parts.pop() ?? "").trim();
  const before = parts.map((part) => part.trim()).filter(Boolean);
  const taken = before.map((name) => name.toLowerCase());
  const { data } = await visit.api.listTags({ ...(prefix ? { prefix } : {}), limit: suggestionCount });
  const names = data.map((tag) => tag.name).filter((name) => !taken.includes(name.toLowerCase()));
  const options = names.map(async (name) => <option value={[...before, name].join(", ")} />);
  return html((await Promise.all(options)).join(""));
}

const typedTag = (visit: Visit) => ({ name: field(visit.form, "name").trim(), color: field(visit.form, "color") });

function refusal(error: unknown): FieldErrors {
  if (!(error instanceof Problem)) throw error;
  if (error.code === "conflict") return { name: "There is already a tag with this name." };
  if (error.code === "invalid" || error.code === "malformed") return fieldErrors(error, places);
  throw error;
}
