import type {
  ChatAction,
  ChatEntry,
  ChatProposal,
  Conversation,
  ConversationPage,
} from "@carillon/contracts/http/chat";
import { nullWhenGone } from "../api.ts";
import { seeOther } from "../door/respond.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { type Reader, spoken } from "../time.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";

/** `GET /chat`: a new conversation. */
export const showChat = async (visit: Visit): Promise<Response> =>
  chatPage(visit, null, (await visit.api.listConversations()).data);

/** `GET /chat/{id}`: a conversation with its messages; one that is gone leads to a new one. */
export async function showConversation(visit: Visit): Promise<Response> {
  const id = visit.params.id ?? "";
  const [conversation, { data }] = await Promise.all([
    visit.api.getConversation(id).catch(nullWhenGone),
    visit.api.listConversations(),
  ]);
  return conversation === null ? seeOther("/chat") : chatPage(visit, conversation, data);
}

const examples = [
  "Create a daily task: Team standup at 9 AM",
  "Remind me to submit report by Friday 5 PM, remind me 1 day before",
  "What is overdue?",
];

async function chatPage(
  visit: Visit,
  conversation: Conversation | null,
  others: ConversationPage["data"],
): Promise<Response> {
  const messages = conversation?.messages ?? [];
  const open = openProposal(messages, visit.now);
  const back = conversation === null ? "/chat" : `/chat/${conversation.id}`;
  return show(visit, {
    title: "Chat",
    place: "chat",
    main: (
      <div class="column chat">
        <header class="page-head">
          <h1>Chat</h1>
          <p class="page-lead">Say what there is to do, in plain words. Deleting is always asked about first.</p>
        </header>
        <ol class="chat-log" aria-label="Messages" aria-live="polite" id="chat-log">
          {messages.map((entry) => (
            <Entry entry={entry} open={open} back={back} reader={visit.user} />
          ))}
        </ol>
        {messages.length === 0 ? <Examples /> : null}
        <form class="chat-form" method="post" action="/chat" data-chat="/chat/stream">
          <input type="hidden" name="conversation" value={conversation?.id ?? ""} autocomplete="off" />
          <label class="sr-only" for="chat-message">
            Your message
          </label>
          <textarea
            class="input"
            id="chat-message"
            name="message"
            rows="1"
            maxlength="4000"
            placeholder="Say what there is to do"
            required
            dir="auto"
            data-key="c"
          />
          <button type="submit" class="button button-primary">
            Send
          </button>
          <button type="button" class="button" data-chat-stop hidden>
            Stop
          </button>
        </form>
        <Others conversation={conversation} others={others} />
      </div>
    ),
  });
}

/** The proposal that a yes would still answer: the last message's, while it holds. */
function openProposal(messages: readonly ChatEntry[], now: Date): string | null {
  const proposal = messages.at(-1)?.proposal ?? null;
  return proposal !== null && new Date(proposal.expires_at) > now ? proposal.id : null;
}

type EntryProps = { entry: ChatEntry; open: string | null; back: string; reader: Reader };

const Entry = ({ entry, open, back, reader }: EntryProps) => {
  const { role, content, actions, proposal } = entry;
  const notes = notesOf(entry);
  return (
    <li class={`chat-entry chat-${role}`}>
      {notes === null && content !== "" ? (
        <p class="chat-text" dir="auto" safe>
          {content}
        </p>
      ) : null}
      {actions.map((action) => (
        <Card action={action} notes={notes ?? notesFor(action, reader)} back={back} />
      ))}
      {proposal && proposal.id === open ? <Question proposal={proposal} back={back} /> : null}
    </li>
  );
};

/** The lines behind the first of an answer that says only what its one card does; null: it says something of its own. */
function notesOf({ content, actions: [action, ...others] }: ChatEntry): string[] | null {
  const [first, ...lines] = content.split("\n");
  return action !== undefined && others.length === 0 && first === action.summary ? lines : null;
}

/** When the task is due, in which zone, and what comes next. */
const notesFor = ({ due_local, time_zone, next_dates }: ChatAction, reader: Reader): string[] => [
  ...(due_local ? [`${spoken(due_local, reader)} · ${time_zone}`] : []),
  ...(next_dates.length > 0 ? [`Then ${next_dates.map((date) => spoken(date, reader)).join("; ")}`] : []),
];

const Card = ({ action, notes, back }: { action: ChatAction; notes: readonly string[]; back: string }) => (
  <div class="chat-card">
    <p class="chat-card-what" dir="auto">
      <Icon name="check" />
      <span dir="auto" safe>
        {action.summary}
      </span>
    </p>
    {notes.map((note) => (
      <p class="quiet" dir="auto" safe>
        {note}
      </p>
    ))}
    <div class="chat-card-acts">
      {action.task_id && action.tool !== "delete_task" ? (
        <a class="button button-small button-quiet" href={`/tasks/${action.task_id}`}>
          Open
        </a>
      ) : null}
      {action.audit_ids.length > 0 ? (
        <form method="post" action="/chat/undo">
          {action.audit_ids.map((id) => (
            <input type="hidden" name="entry" value={id} />
          ))}
          <input type="hidden" name="back" value={back} />
          <button type="submit" class="button button-small button-quiet">
            <Icon name="undo" />
            Undo
          </button>
        </form>
      ) : null}
    </div>
  </div>
);

const Question = ({ proposal, back }: { proposal: ChatProposal; back: string }) => (
  <form class="chat-card chat-question" method="post" action="/chat/confirm">
    <input type="hidden" name="proposal" value={proposal.id} />
    <input type="hidden" name="back" value={back} />
    <p class="chat-card-what" dir="auto">
      <Icon name="warning" />
      <span dir="auto" safe>
        {proposal.summary}
      </span>
    </p>
    <p class="quiet">Nothing was changed yet.</p>
    <div class="chat-card-acts">
      <button type="submit" class="button button-small button-primary">
        Yes, do it
      </button>
    </div>
  </form>
);

const Examples = () => (
  <section class="chat-start" aria-labelledby="chat-examples">
    <h2 class="chat-examples-title" id="chat-examples">
      For example
    </h2>
    <ul class="chat-examples">
      {examples.map((text) => (
        <li>
          <form method="post" action="/chat">
            <input type="hidden" name="message" value={text} />
            <button type="submit" class="button" safe>
              {text}
            </button>
          </form>
        </li>
      ))}
    </ul>
  </section>
);

const Others = ({ conversation, others }: { conversation: Conversation | null; others: ConversationPage["data"] }) => (
  <nav class="chat-others" id="end" aria-label="Conversations">
    {conversation === null ? null : (
      <div class="chat-card-acts">
        <a class="button button-small" href="/chat">
          New conversation
        </a>
        {conversation.messages.some(({ actions }) => actions.length > 0) ? (
          <form method="post" action={`/chat/${conversation.id}/undo`}>
            <button type="submit" class="button button-small button-quiet">
              <Icon name="undo" />
              Undo all it did
            </button>
          </form>
        ) : null}
        <form method="post" action={`/chat/${conversation.id}/delete`}>
          <button type="submit" class="button button-small button-quiet">
            <Icon name="trash" />
            Delete this one
          </button>
        </form>
      </div>
    )}
    {others.length === 0 ? null : (
      <details>
        <summary>
          Earlier conversations
          <Icon name="chevron" class="chevron" />
        </summary>
        <ul>
          {others.map(({ id, title }) => (
            <li>
              <a href={`/chat/${id}`} dir="auto" aria-current={id === conversation?.id ? "page" : undefined} safe>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </details>
    )}
  </nav>
);
