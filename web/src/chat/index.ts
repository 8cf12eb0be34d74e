import { Elysia } from "elysia";
import { signedIn, type Web } from "../door/visit.ts";
import { showChat, showConversation } from "./chat-page.tsx";
import { confirmProposal, deleteConversation, sendMessage, streamMessage, takeAllBack, takeBack } from "./talk.ts";

/** The page on which a user talks to the assistant. */
export const chatRoutes = (web: Web) =>
  new Elysia({ name: "chat" })
    .get("/chat", signedIn(web, showChat))
    .post("/chat", signedIn(web, sendMessage), raw)
    .post("/chat/stream", signedIn(web, streamMessage), raw)
    .post("/chat/confirm", signedIn(web, confirmProposal), raw)
    .post("/chat/undo", signedIn(web, takeBack), raw)
    .get("/chat/:id", signedIn(web, showConversation))
    .post("/chat/:id/undo", signedIn(web, takeAllBack), raw)
    .post("/chat/:id/delete", signedIn(web, deleteConversation), raw);

const raw = { parse: "none" } as const;
