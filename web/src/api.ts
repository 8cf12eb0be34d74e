import type { AuditPage, ListAudit } from "@carillon/contracts/http/audit";
import type {
  CreatedToken,
  MailState,
  NewToken,
  PasswordChange,
  SignedIn,
  SignIn,
  SignUp,
  TokenPage,
  User,
  UserPatch,
} from "@carillon/contracts/http/auth";
import type { BatchDone, TaskBatch, Undone } from "@carillon/contracts/http/batches";
import type {
  ChannelList,
  CreatedChannel,
  Delivery,
  DeliveryPage,
  NewChannel,
  RotatedSecret,
} from "@carillon/contracts/http/channels";
import type { ChatAnswer, ChatMessage, Conversation, ConversationPage } from "@carillon/contracts/http/chat";
import type { RecoveryCodes, SecondStep, TotpRemoval, TotpSecret, TotpState } from "@carillon/contracts/http/factors";
import type { CreatedFeed, FeedList, NewFeed } from "@carillon/contracts/http/feeds";
import type {
  Identity,
  IdentityList,
  NewIdentity,
  ProviderGo,
  ProviderSignIn,
  SignInProvider,
} from "@carillon/contracts/http/identities";
import type { Insights, InsightsQuery } from "@carillon/contracts/http/insights";
import type { Passkey, PasskeyList } from "@carillon/contracts/http/passkeys";
import type { ParsedText, ParseText } from "@carillon/contracts/http/quick-add";
import type {
  ListOccurrences,
  OccurrencePage,
  PreviewRecurrence,
  RecurrencePreview,
} from "@carillon/contracts/http/recurrence";
import type { ListNotifications, NotificationPage, Snooze } from "@carillon/contracts/http/reminders";
import type { SessionList } from "@carillon/contracts/http/sessions";
import type { NewTag, Tag, TagPage, TagUpdate } from "@carillon/contracts/http/tags";
import type { ListTasks, NewTask, Task, TaskCounts, TaskPage, TaskPatch } from "@carillon/contracts/http/tasks";
import type { ExportQuery, Imported } from "@carillon/contracts/http/transfer";
import type { EmailChange, Forgot, Reset } from "@carillon/contracts/http/ways-back";
import { deviceHeader } from "@carillon/contracts/names";
import { type Client, callerToken, Problem } from "@carillon/kit/service";
import { bodyOf, type Carrier, type FetchApi, json, made, nowhere, send } from "./call-api.ts";

export type { FetchApi } from "./call-api.ts";

export type Api = ReturnType<typeof createApi>;
export type UserApi = ReturnType<Api["as"]>;

/** The browser that a user signs up or in from; `device` is its mark from an earlier time. */
export type Browser = {
  client: Client;
  agent: string | null;
  languages: string | null;
  device: string | null;
  signal: AbortSignal;
};

/** The answer of sign-up and sign-in, and the browser's mark from now on. */
export type Entered = { signedIn: SignedIn; device: string | null };

/**
 * Typed calls to api. Every failure is a Problem with api's own code, words and pointers; no answer at
 * all is "unavailable". Each call names the client it is made for: sign-up and sign-in are limited
 * by it, and it appears in api's security log.
 */
export function createApi(deps: { fetchApi: FetchApi; fetchInternal: FetchApi; appToken: string }) {
  const own = { fetchApi: deps.fetchApi, token: callerToken(deps.appToken, "web") };
  const visitor = { ...own, session: null, client: nowhere };
  const inside = { ...visitor, fetchApi: deps.fetchInternal };
  const enter = async (
    path: string,
    body: unknown,
    { client, agent, languages, device, signal }: Browser,
  ): Promise<Entered> => {
    const headers = {
      [deviceHeader]: device ?? undefined,
      "user-agent": agent ?? undefined,
      "accept-language": languages ?? undefined,
    };
    const response = await send({ ...visitor, client }, { method: "POST", path, body, headers, signal });
    return { signedIn: await bodyOf<SignedIn>(response), device: response.headers.get(deviceHeader) };
  };
  return {
    signUp: async (body: SignUp, browser: Browser) => enter("/api/signup", body, browser),
    signIn: async (body: SignIn, browser: Browser) => enter("/api/signin", body, browser),
    secondStep: async (body: SecondStep, browser: Browser) => enter("/api/signin/second", body, browser),
    askPasskey: async (client: Client) =>
      json<unknown>({ ...visitor, client }, { method: "POST", path: "/api/signin/passkey/options" }),
    enterByPasskey: async (credential: unknown, browser: Browser) =>
      enter("/api/signin/passkey", { credential }, browser),
    provider: async (client: Client) => json<SignInProvider>({ ...visitor, client }, { path: "/api/signin/oidc" }),
    startProvider: async (again: boolean, { client, agent, device, signal }: Browser) =>
      json<ProviderGo>(
        { ...visitor, client },
        {
          method: "POST",
          path: "/api/signin/oidc/start",
          body: { again },
          headers: { [deviceHeader]: device ?? undefined, "user-agent": agent ?? undefined },
          signal,
        },
      ),
    enterByProvider: async (body: ProviderSignIn, browser: Browser) => enter("/api/signin/oidc", body, browser),
    /** The same session under a new token, also when the given one has run out. @throws Problem "unauthenticated" when it has ended. */
    renew: async (session: string, client: Client) =>
      json<SignedIn>({ ...own, session, client }, { method: "POST", path: "/api/auth/renew" }),
    forgot: async (body: Forgot, client: Client) =>
      send({ ...visitor, client }, { method: "POST", path: "/api/auth/forgot", body }),
    /** @throws Problem "invalid" for a link that is over, "conflict" when another account has the address. */
    verify: async (token: string, client: Client) =>
      send({ ...visitor, client }, { method: "POST", path: "/api/auth/verify", body: { token } }),
    reset: async (body: Reset, client: Client) =>
      send({ ...visitor, client }, { method: "POST", path: "/api/auth/reset", body }),
    /** @throws Problem "not_found" for a token that belongs to no account. */
    unsubscribe: (token: string) => send(inside, { method: "POST", path: "/internal/unsubscribe", body: { token } }),
    as: (session: string, client: Client) => {
      const carrier = { ...own, session, client };
      return { ...accountCalls(carrier), ...factorCalls(carrier), ...taskCalls(carrier), ...chatCalls(carrier) };
    },
  };
}

const channelPath = (id: string): string => `/api/channels/${encodeURIComponent(id)}`;

const accountCalls = (carrier: Carrier) => ({
  me: () => json<User>(carrier, { path: "/api/auth/me" }),
  signOut: () => send(carrier, { method: "POST", path: "/api/logout" }),
  mailState: () => json<MailState>(carrier, { path: "/api/auth/mail" }),
  updateMe: (body: UserPatch) => json<User>(carrier, { method: "PATCH", path: "/api/auth/me", body }),
  changePassword: (body: PasswordChange) => send(carrier, { method: "POST", path: "/api/auth/password", body }),
  changeEmail: (body: EmailChange) => send(carrier, { method: "POST", path: "/api/auth/email", body }),
  resendProof: () => send(carrier, { method: "POST", path: "/api/auth/verify/resend" }),
  /** @throws Problem "invalid" for a wrong password. */
  prove: (password: string) => send(carrier, { method: "POST", path: "/api/auth/proof", body: { password } }),
  eraseMe: (password: string) => send(carrier, { method: "DELETE", path: "/api/auth/me", body: { password } }),
  listSessions: () => json<SessionList>(carrier, { path: "/api/sessions" }),
  endSession: async (id: string) =>
    send(carrier, { method: "DELETE", path: `/api/sessions/${encodeURIComponent(id)}` }),
  endOtherSessions: () => send(carrier, { method: "DELETE", path: "/api/sessions" }),
  listTokens: (query: { cursor?: string }) =>
    json<TokenPage>(carrier, { path: "/api/tokens", query: { limit: 100, ...query } }),
  createToken: (body: NewToken, key: string) => made<CreatedToken>(carrier, "/api/tokens", body, key),
  deleteToken: async (id: string) => send(carrier, { method: "DELETE", path: `/api/tokens/${encodeURIComponent(id)}` }),
  exportTasks: (query: ExportQuery) => send(carrier, { path: "/api/tasks/export", query }),
  listFeeds: () => json<FeedList>(carrier, { path: "/api/feeds" }),
  createFeed: (body: NewFeed, key: string) => made<CreatedFeed>(carrier, "/api/feeds", body, key),
  deleteFeed: async (id: string) => send(carrier, { method: "DELETE", path: `/api/feeds/${encodeURIComponent(id)}` }),
  importFile: (file: { type: string; bytes: Uint8Array<ArrayBuffer> }, dry_run: boolean, key: string) =>
    json<Imported>(carrier, {
      method: "POST",
      path: "/api/tasks/import",
      query: { dry_run },
      raw: file.bytes,
      headers: { "content-type": file.type, "idempotency-key": dry_run ? undefined : key },
    }),
  listChannels: () => json<ChannelList>(carrier, { path: "/api/channels" }),
  createChannel: (body: NewChannel, key: string) => made<CreatedChannel>(carrier, "/api/channels", body, key),
  removeChannel: async (id: string) => send(carrier, { method: "DELETE", path: channelPath(id) }),
  testChannel: async (id: string) => json<Delivery>(carrier, { method: "POST", path: `${channelPath(id)}/test` }),
  rotateSecret: async (id: string) =>
    json<RotatedSecret>(carrier, { method: "POST", path: `${channelPath(id)}/secret` }),
  listDeliveries: async (id: string, cursor?: string) =>
    json<DeliveryPage>(carrier, { path: `${channelPath(id)}/deliveries`, query: { cursor } }),
  resendDelivery: async (id: string, delivery: string) =>
    json<Delivery>(carrier, {
      method: "POST",
      path: `${channelPath(id)}/deliveries/${encodeURIComponent(delivery)}/resend`,
    }),
  listTags: (query: { prefix?: string; limit?: number; cursor?: string } = {}) =>
    json<TagPage>(carrier, { path: "/api/tags", query: { limit: 100, ...query } }),
  createTag: (body: NewTag, key: string) => made<Tag>(carrier, "/api/tags", body, key),
  updateTag: async (id: string, body: TagUpdate) =>
    json<Tag>(carrier, { method: "PUT", path: `/api/tags/${encodeURIComponent(id)}`, body }),
  deleteTag: async (id: string) => send(carrier, { method: "DELETE", path: `/api/tags/${encodeURIComponent(id)}` }),
});

const factorCalls = (carrier: Carrier) => {
  const post = <Body>(path: string, body?: unknown, agent?: string) =>
    json<Body>(carrier, { method: "POST", path, body, headers: { "user-agent": agent } });
  return {
    totp: () => json<TotpState>(carrier, { path: "/api/auth/totp" }),
    startTotp: (password: string) => post<TotpSecret>("/api/auth/totp", { password }),
    confirmTotp: (code: string) => post<RecoveryCodes>("/api/auth/totp/confirm", { code }),
    removeTotp: (body: TotpRemoval) => send(carrier, { method: "DELETE", path: "/api/auth/totp", body }),
    startPasskey: () => post<unknown>("/api/passkeys/options"),
    createPasskey: (body: object, agent?: string) => post<Passkey>("/api/passkeys", body, agent),
    listPasskeys: () => json<PasskeyList>(carrier, { path: "/api/passkeys" }),
    listIdentities: () => json<IdentityList>(carrier, { path: "/api/identities" }),
    startIdentity: () => post<ProviderGo>("/api/identities/start"),
    createIdentity: (body: NewIdentity) => post<Identity>("/api/identities", body),
    removeIdentity: async (id: string) =>
      send(carrier, { method: "DELETE", path: `/api/identities/${encodeURIComponent(id)}` }),
    removePasskey: async (id: string) =>
      send(carrier, { method: "DELETE", path: `/api/passkeys/${encodeURIComponent(id)}` }),
  };
};

type PatchOptions = { version: number; following?: boolean };

const taskCalls = (carrier: Carrier) => ({
  listTasks: (query: ListTasks) => json<TaskPage>(carrier, { path: "/api/tasks", query }),
  countTasks: () => json<TaskCounts>(carrier, { path: "/api/tasks/counts" }),
  insights: (query: InsightsQuery) => json<Insights>(carrier, { path: "/api/insights", query }),
  listOccurrences: (query: ListOccurrences) => json<OccurrencePage>(carrier, { path: "/api/tasks/occurrences", query }),
  getTask: async (id: string) => json<Task>(carrier, { path: taskPath(id) }),
  createTask: (body: NewTask, key: string) => made<Task>(carrier, "/api/tasks", body, key),
  /** `following`: a date moves with all later ones of its series. */
  patchTask: async (id: string, body: TaskPatch, { version, following = false }: PatchOptions) =>
    json<Task>(carrier, {
      method: "PATCH",
      path: taskPath(id),
      query: following ? { scope: "following" } : {},
      body,
      headers: { "if-match": `"${version}"` },
    }),
  completeTask: async (id: string) => json<Task>(carrier, { method: "PATCH", path: `${taskPath(id)}/complete` }),
  reopenTask: async (id: string) => json<Task>(carrier, { method: "PATCH", path: `${taskPath(id)}/incomplete` }),
  restoreTask: async (id: string) => json<Task>(carrier, { method: "POST", path: `${taskPath(id)}/restore` }),
  skipTask: async (id: string) => json<Task>(carrier, { method: "POST", path: `${taskPath(id)}/skip` }),
  snoozeTask: async (id: string, body: Snooze) =>
    json<Task>(carrier, { method: "POST", path: `${taskPath(id)}/snooze`, body }),
  changeTasks: (body: TaskBatch) => json<BatchDone>(carrier, { method: "POST", path: "/api/tasks/batch", body }),
  undoBatch: async (id: string) =>
    json<Undone>(carrier, { method: "POST", path: `/api/batches/${encodeURIComponent(id)}/undo` }),
  listAudit: (query: ListAudit) => json<AuditPage>(carrier, { path: "/api/audit", query }),
  /** `languages`: the user's Accept-Language, which selects the language of the words. */
  parseText: (body: ParseText, languages: string | null) =>
    json<ParsedText>(carrier, {
      method: "POST",
      path: "/api/tasks/parse",
      body,
      headers: { "accept-language": languages ?? undefined },
    }),
  previewRecurrence: (body: PreviewRecurrence) =>
    json<RecurrencePreview>(carrier, { method: "POST", path: "/api/recurrence/preview", body }),
  listNotifications: (query: ListNotifications) =>
    json<NotificationPage>(carrier, { path: "/api/notifications", query }),
  deleteTask: async (id: string) => send(carrier, { method: "DELETE", path: taskPath(id) }),
  taskHistory: async (id: string, query: { limit?: number; cursor?: string }) =>
    json<AuditPage>(carrier, { path: `${taskPath(id)}/history`, query }),
});

const chatCalls = (carrier: Carrier) => ({
  chat: async (body: ChatMessage, languages: string | null) =>
    json<ChatAnswer>(carrier, { method: "POST", path: "/api/chat", body, headers: inLanguages(languages) }),
  streamChat: async (body: ChatMessage, languages: string | null, signal: AbortSignal) =>
    send(carrier, {
      method: "POST",
      path: "/api/chat",
      body,
      signal,
      headers: { ...inLanguages(languages), accept: "text/event-stream" },
    }),
  confirmChat: (proposal_id: string) =>
    json<ChatAnswer>(carrier, { method: "POST", path: "/api/chat/confirm", body: { proposal_id } }),
  listConversations: () => json<ConversationPage>(carrier, { path: "/api/conversations", query: { limit: 30 } }),
  getConversation: async (id: string) => json<Conversation>(carrier, { path: conversationPath(id) }),
  undoConversation: async (id: string) =>
    json<Undone>(carrier, { method: "POST", path: `${conversationPath(id)}/undo` }),
  /** Takes one entry of the history back. */
  revertEntry: async (id: string) =>
    json<Undone>(carrier, { method: "POST", path: `/api/audit/${encodeURIComponent(id)}/revert` }),
  deleteConversation: async (id: string) => send(carrier, { method: "DELETE", path: conversationPath(id) }),
});

const inLanguages = (languages: string | null) => ({ "accept-language": languages ?? undefined });
const conversationPath = (id: string): string => `/api/conversations/${encodeURIComponent(id)}`;
const taskPath = (id: string): string => `/api/tasks/${encodeURIComponent(id)}`;

/** For `.catch()`: null for a missing thing (or another user's); every other failure is rethrown. */
export function nullWhenGone(error: unknown): null {
  if (error instanceof Problem && error.code === "not_found") return null;
  throw error;
}
