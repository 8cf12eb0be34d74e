import { sessionOf } from "../harness.ts";
import { type Case, call, get, secondPage, tool } from "./calls.ts";

/** Consent is bound to who was asked: here the person's present session. */
const consented: Case["call"] = async (asking) => {
  const { api, person } = asking;
  await api.sql`update api.proposals set asked_by = ${`session ${sessionOf(person.token)}`} where user_id = ${person.user.id}`;
  return tool("delete_task", ({ plain, proposal }) => ({ ids: [plain], consent: proposal }))(asking);
};

/** The routes of chat and of programs that speak MCP. */
export const assistantCases: Record<string, readonly Case[]> = {
  "POST /api/chat": [
    {
      status: 200,
      call: async (asking) => {
        const { api, person, as } = asking;
        // As many as there may be: the oldest, whose id the other has as well, makes room.
        await api.sql`
          insert into api.conversations (user_id, id, title, state, created_at, updated_at)
          select ${person.user.id}, gen_random_uuid(), 'one more', '{}', '2026-01-01', '2026-01-01' from generate_series(1, 198)`;
        return as.post("/api/chat", { message: "hello" });
      },
    },
    {
      status: 200,
      call: call(
        "POST",
        () => "/api/chat",
        ({ ids }) => ({ message: "What is overdue?", conversation_id: ids.conversation }),
      ),
    },
    {
      status: 200,
      call: call(
        "POST",
        () => "/api/chat",
        ({ ids }) => ({ message: "hello", conversation_id: ids.conversation }),
      ),
    },
  ],
  "POST /api/chat/confirm": [
    {
      status: 200,
      call: call(
        "POST",
        () => "/api/chat/confirm",
        ({ ids }) => ({ proposal_id: ids.asked }),
      ),
    },
  ],
  "GET /api/conversations": [get("/api/conversations"), secondPage("/api/conversations?")],
  "GET /api/conversations/:id": [
    { status: 200, call: call("GET", ({ conversation }) => `/api/conversations/${conversation}`) },
  ],
  "DELETE /api/conversations/:id": [
    { status: 204, call: call("DELETE", ({ conversation }) => `/api/conversations/${conversation}`) },
  ],
  "POST /api/conversations/:id/undo": [
    { status: 200, call: call("POST", ({ conversation }) => `/api/conversations/${conversation}/undo`) },
  ],
  "POST /mcp": [
    { status: 200, call: tool("list_tasks", () => ({ status: "any" })) },
    { status: 200, call: tool("search_tasks", () => ({ query: "plain" })) },
    { status: 200, call: tool("get_task", ({ gone }) => ({ id: gone })) },
    { status: 200, call: tool("update_task", ({ plain }) => ({ ids: [plain], add_tags: ["fresh"] })) },
    { status: 200, call: tool("reschedule_task", ({ series }) => ({ ids: [series], to: "in 3 days" })) },
    { status: 200, call: tool("complete_task", ({ plain }) => ({ ids: [plain] })) },
    { status: 200, call: tool("rename_tag", ({ tag }) => ({ id: tag, name: "mine now" })) },
    { status: 200, call: tool("task_history", ({ plain }) => ({ id: plain })) },
    { status: 200, call: consented },
  ],
};
