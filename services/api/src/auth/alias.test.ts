import { describe, expect, test } from "bun:test";
import { aliasOf } from "./alias.ts";

const id = "018f0000-0000-7000-8000-00000000000a";

describe("an alias", () => {
  test.each([
    [`/api/${id}/tasks`, "/api/tasks"],
    [`/api/${id}/tasks/`, "/api/tasks/"],
    [`/api/${id}/tasks/1/complete`, "/api/tasks/1/complete"],
    [`/api/${id}/authors`, "/api/authors"],
    [`/api/${id.toUpperCase()}/tags`, "/api/tags"],
    [`/api/${id}/%2e%2e/tags`, "/api/%2e%2e/tags"],
  ])("%s maps to %s", (path, canonical) => {
    expect(aliasOf(path)).toEqual({ userId: id, canonical });
  });

  test.each([
    "/api/tasks",
    `/api/${id}`,
    `/api/x${id}/tasks`,
    `/api/${id}x/tasks`,
    `/api//${id}/tasks`,
    `/x/api/${id}/tasks`,
    ...["signup", "signin", "logout", "auth", "auth/me", "tokens", "tokens/1"].map((rest) => `/api/${id}/${rest}`),
  ])("%s is not an alias", (path) => {
    expect(aliasOf(path)).toBeNull();
  });
});
