import type { ChatAnswer } from "@carillon/contracts/http/chat";
import { clientOf } from "../client.ts";
import type { Harness } from "../harness.ts";

/** A new user who talks in one conversation: Monday 30 November 2026, 10:30 in Berlin. */
export async function talker(api: Harness) {
  const ada = await api.signUp({ time_zone: "Europe/Berlin" });
  const as = clientOf(api, ada);
  let conversation_id: string | undefined;
  const say = async (message: string): Promise<ChatAnswer> => {
    const { status, body } = await as.post("/api/chat", { message, conversation_id });
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    conversation_id = body.conversation_id;
    return body;
  };
  return { ada, as, say, conversation: () => conversation_id ?? "" };
}

export const monday = Date.parse("2026-11-30T09:30:00Z");
