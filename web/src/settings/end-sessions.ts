import { nullWhenGone } from "../api.ts";
import { quote } from "../door/flash.ts";
import { field } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";

/** `POST /settings/sessions/{id}/end`. A session that is gone already is as ended as was wished. */
export async function endSession(visit: Visit): Promise<Response> {
  await visit.api.endSession(visit.params.id ?? "").catch(nullWhenGone);
  return seeOtherWith("/settings#sessions", { text: `Ended ${quote(field(visit.form, "name"))}.` }, visit);
}

/** `POST /settings/sessions/end-others`. */
export async function endOtherSessions(visit: Visit): Promise<Response> {
  await visit.api.endOtherSessions();
  return seeOtherWith("/settings#sessions", { text: "You are signed out everywhere but here." }, visit);
}
