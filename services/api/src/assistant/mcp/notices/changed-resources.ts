import type { Changed } from "./subscriber.ts";

/** Whether reading this resource may give something else after the change. */
export function isAltered(uri: string, { type, task_id }: Changed): boolean {
  if (type === "session.revoked" || type === "user.erased") return false;
  // Tasks are shown with the names of their tags.
  if (type.startsWith("tag.")) return true;
  if (uri.startsWith("carillon://tasks/")) return uri === `carillon://tasks/${task_id}`;
  return uri !== "carillon://lists/tags";
}
