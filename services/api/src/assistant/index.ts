import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { deleteConversationRoute, getConversationRoute, listConversationsRoute } from "./chat/list-conversations.ts";
import { confirmProposalRoute, sendMessageRoute } from "./chat/send-message.ts";
import { undoConversationRoute } from "./chat/undo-conversation.ts";
import { mcpRoute } from "./mcp/mcp-route.ts";

export { allConversations } from "./chat/list-conversations.ts";
export type { Model } from "./chat/model/model.ts";
export { modelAtFirstUse } from "./chat/model/model-at-first-use.ts";
export { createNotices } from "./mcp/notices/notices.ts";

/** What models and their clients ask, and the chat. */
export const assistantRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "assistant" })
    .use(sendMessageRoute(deps))
    .use(confirmProposalRoute(deps))
    .use(listConversationsRoute(deps))
    .use(getConversationRoute(deps))
    .use(deleteConversationRoute(deps))
    .use(undoConversationRoute(deps))
    .use(mcpRoute(deps));
