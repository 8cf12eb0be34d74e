import { Problem } from "@carillon/kit/service";
import { field, idField, localPath } from "../door/form.ts";
import { respond, seeOther } from "../door/respond.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";

const pageOf = (id: string): string => `/chat/${id}#end`;

const messageOf = ({ form }: Visit) => ({
  message: field(form, "message").trim(),
  ...(field(form, "conversation") === "" ? {} : { conversation_id: idField(form, "conversation") }),
});

const languagesOf = ({ request }: Visit): string | null => request.headers.get("accept-language");

/** `POST /chat`: says something and shows the conversation. What cannot be said is shown as the reason. */
export async function sendMessage(visit: Visit): Promise<Response> {
  const sent = messageOf(visit);
  const back = sent.conversation_id === undefined ? "/chat" : pageOf(sent.conversation_id);
  if (sent.message === "") return seeOther(back);
  try {
    return seeOther(pageOf((await visit.api.chat(sent, languagesOf(visit))).conversation_id));
  } catch (error) {
    return sayRefusal(visit, error, back);
  }
}

/** `POST /chat/stream`: the same for a page with a script, as the words come. */
export async function streamMessage(visit: Visit): Promise<Response> {
  const response = await visit.api.streamChat(messageOf(visit), languagesOf(visit), visit.request.signal);
  return respond(response.body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
  });
}

/** `POST /chat/confirm`: does what was proposed. */
export async function confirmProposal(visit: Visit): Promise<Response> {
  const back = localPath(field(visit.form, "back"), "/chat");
  const proposal = idField(visit.form, "proposal");
  try {
    return seeOther(pageOf((await visit.api.confirmChat(proposal)).conversation_id));
  } catch (error) {
    return sayRefusal(visit, error, back);
  }
}

/** What takes each act back. */
const opposites = new Map<string, (visit: Visit, id: string) => Promise<unknown>>([
  ["create_task", async ({ api }, id) => api.deleteTask(id)],
  ["restore_task", async ({ api }, id) => api.deleteTask(id)],
  ["complete_task", async ({ api }, id) => api.reopenTask(id)],
  ["reopen_task", async ({ api }, id) => api.completeTask(id)],
  ["delete_task", async ({ api }, id) => api.restoreTask(id)],
]);

export const canTakeBack = (tool: string): boolean => opposites.has(tool);

/** `POST /chat/undo`: takes one act of a card back. @throws Problem "invalid" for an act that has no opposite. */
export async function takeBack(visit: Visit): Promise<Response> {
  const back = localPath(field(visit.form, "back"), "/chat");
  const opposite = opposites.get(field(visit.form, "tool"));
  if (!opposite) throw new Problem("invalid", "This cannot be taken back from here. Nothing was changed.");
  const id = idField(visit.form, "task");
  try {
    await opposite(visit, id);
    return seeOtherWith(back, { text: "Taken back." }, visit);
  } catch (error) {
    return sayRefusal(visit, error, back);
  }
}

/** `POST /chat/{id}/delete`. What the conversation did stays done. */
export async function deleteConversation(visit: Visit): Promise<Response> {
  await visit.api.deleteConversation(visit.params.id ?? "").catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== "not_found") throw error;
  });
  return seeOtherWith("/chat", { text: "Deleted the conversation. What it did stays." }, visit);
}

const told: ReadonlySet<string> = new Set(["conflict", "too_many_requests", "invalid", "not_found"]);

function sayRefusal(visit: Visit, error: unknown, back: string): Response {
  if (!(error instanceof Problem) || !told.has(error.code)) throw error;
  return seeOtherWith(back, { text: error.detail || "That did not work." }, visit);
}
