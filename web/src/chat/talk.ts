import type { Undone } from "@carillon/contracts/http/batches";
import { Problem } from "@carillon/kit/service";
import { quote } from "../door/flash.ts";
import { field, idField, idFields, localPath } from "../door/form.ts";
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

/** Entries of one card at most: a tool changes no more tasks at once. */
const maxEntries = 50;

/** `POST /chat/undo`: takes one act of a card back, its newest change first. */
export async function takeBack(visit: Visit): Promise<Response> {
  const back = localPath(field(visit.form, "back"), "/chat");
  const entries = idFields(visit.form, "entry").slice(0, maxEntries);
  try {
    const undone: Undone[] = [];
    for (const id of entries.reverse()) undone.push(await visit.api.revertEntry(id));
    return seeOtherWith(back, { text: sayUndone(undone) }, visit);
  } catch (error) {
    return sayRefusal(visit, error, back);
  }
}

/** `POST /chat/{id}/undo`: takes back all that the conversation did. */
export async function takeAllBack(visit: Visit): Promise<Response> {
  const id = visit.params.id ?? "";
  try {
    return seeOtherWith(pageOf(id), { text: sayUndone([await visit.api.undoConversation(id)]) }, visit);
  } catch (error) {
    return sayRefusal(visit, error, pageOf(id));
  }
}

/** What was taken back, and what stays because something changed it since. */
function sayUndone(all: readonly Undone[]): string {
  const stays = all.flatMap(({ kept }) => kept.filter(({ reason }) => reason !== "consequence"));
  const [first] = stays;
  const done = all.some(({ undone }) => undone.length > 0);
  if (!first) return done ? "Taken back." : "There was nothing to take back.";
  const what = `${quote(first.title ?? "One change")} ${stays.length > 1 ? `and ${stays.length - 1} more stay` : "stays"}`;
  return `${done ? "Taken back, but " : ""}${what} as it is now.`;
}

/** `POST /chat/{id}/delete`. What the conversation did stays done. */
export async function deleteConversation(visit: Visit): Promise<Response> {
  await visit.api.deleteConversation(visit.params.id ?? "").catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== "not_found") throw error;
  });
  return seeOtherWith("/chat", { text: "Deleted the conversation. What it did stays." }, visit);
}

const told: ReadonlySet<string> = new Set(["conflict", "too_many_requests", "invalid", "not_found", "unavailable"]);

function sayRefusal(visit: Visit, error: unknown, back: string): Response {
  if (!(error instanceof Problem) || !told.has(error.code)) throw error;
  return seeOtherWith(back, { text: error.detail || "That did not work." }, visit);
}
