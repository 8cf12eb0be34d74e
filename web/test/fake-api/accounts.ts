import { deviceHeader } from "@carillon/contracts/names";
import { requireNoSecondStep } from "./factors.ts";
import { pageOf } from "./list.ts";
import { type Answer, invalid, Refusal } from "./refusal.ts";
import { type Account, newAccount } from "./store.ts";
import { type Call, gone, type Route, tokenOf, type World } from "./world.ts";

type Body = Record<string, unknown>;

export function signUp(world: World, body: Body, now: string): Answer {
  const email = String(body.email).toLowerCase();
  if (!email.includes("@")) throw invalid("/email", "must be an e-mail address");
  if (String(body.password).length < 8) throw invalid("/password", "must have at least 8 characters");
  if (body.password === "password") throw invalid("/password", "is one of the most used passwords; choose another one");
  if (world.accounts.has(email)) throw new Refusal(409, "conflict", "This e-mail address already has an account.");
  const user = {
    id: Bun.randomUUIDv7(),
    email,
    email_verified: !world.mailGoesOut,
    name: String(body.name ?? ""),
    time_zone: String(body.time_zone ?? "UTC"),
    has_password: true,
    created_at: now,
    notifications: { email: true },
    language: null,
    date_order: "dmy" as const,
    hour_cycle: "h23" as const,
    week_start: "monday" as const,
    day_parts: { morning: "09:00", afternoon: "15:00", evening: "19:00", night: "21:00" },
  };
  const account = newAccount(user, String(body.password));
  world.accounts.set(email, account);
  if (world.mailGoesOut) mailProof(world, account, email);
  return signIn(world, body, 201);
}

export function signIn(world: World, body: Body, status = 200): Answer {
  if (world.tooMany) throw new Refusal(429, "too_many_requests", "Too many requests. Try again in 7 s.");
  const account = world.accounts.get(String(body.email).toLowerCase());
  if (!account || account.password !== body.password) {
    throw new Refusal(401, "unauthenticated", "E-mail or password is wrong.");
  }
  requireNoSecondStep(account);
  return openSession(world, account, status);
}

/** The last step of every kind of sign-in. */
export function openSession(world: World, account: Account, status = 200): Answer {
  const id = Bun.randomUUIDv7();
  const now = world.clock.now();
  const client = world.requests.at(-1)?.headers.get("user-agent") ? "A browser" : "unknown";
  account.sessions.set(id, {
    id,
    created_at: now.toISOString(),
    last_used_at: now.toISOString(),
    client,
    address: null,
  });
  const headers = { [deviceHeader]: `mark-of-${account.user.id}` };
  return { status, body: named(world, account, id), headers };
}

/** The mail of the link is its token: `link-<address>`. */
export function forgot(world: World, body: Body): Answer {
  if (world.tooMany) throw new Refusal(429, "too_many_requests", "Too many requests. Try again in 7 s.");
  const account = world.accounts.get(String(body.email).toLowerCase());
  if (account) world.links.add(`link-${account.user.email}`);
  return { status: 202 };
}

export function reset(world: World, body: Body): Answer {
  const link = String(body.token);
  const account = world.accounts.get(link.replace("link-", ""));
  if (!account || !world.links.has(link)) throw invalid("/token", "was used already");
  if (String(body.new_password).length < 8) throw invalid("/new_password", "must have at least 8 characters");
  world.links.delete(link);
  account.password = String(body.new_password);
  account.sessions.clear();
  return { status: 204 };
}

/** The mail of a link for an address is its token: `proof-<id>-<address>`. */
export function verify(world: World, body: Body): Answer {
  const link = String(body.token);
  const [, id, email = ""] = /^proof-(.{36})-(.*)$/.exec(link) ?? [];
  const account = [...world.accounts.values()].find(({ user }) => user.id === id);
  if (!account || !world.links.delete(link)) throw invalid("/token", "was used already");
  if (world.accounts.has(email) && account.user.email !== email)
    throw new Refusal(409, "conflict", "Another account has this address by now.");
  world.accounts.delete(account.user.email);
  account.user = { ...account.user, email, email_verified: true };
  world.accounts.set(email, account);
  world.stopped = null;
  return { status: 204 };
}

const mailProof = (world: World, { user }: Account, email: string): void =>
  void world.links.add(`proof-${user.id}-${email}`);

function resendProof({ world, account }: Call): Answer {
  if (world.tooMany) throw new Refusal(429, "too_many_requests", "Too many requests. Try again in 7 s.");
  mailProof(world, account, account.user.email);
  return { status: 202 };
}

function changeEmail({ world, account, body }: Call): Answer {
  if (body.password !== account.password) throw invalid("/password", "is not your password");
  if (body.new_email === account.user.email) throw invalid("/new_email", "is your address already");
  mailProof(world, account, String(body.new_email));
  return { status: 202 };
}

function prove({ world, account, body }: Call): Answer {
  if (body.password !== account.password) throw invalid("/password", "is not your password");
  world.proofIsOld = false;
  return { status: 204 };
}

export function requireProof(world: World): void {
  if (world.proofIsOld) throw new Refusal(403, "proof_required", "Enter your password again.");
}

const dayS = 86_400;

/** A token with the claims that api's have, and no signature: the fake knows its tokens. */
function named(world: World, account: Account, id: string) {
  const now = Math.floor(world.clock.now().getTime() / 1_000);
  const claims = { sid: id, iat: now, exp: now + dayS };
  const token = `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${Bun.randomUUIDv7()}`;
  world.sessions.set(token, account);
  return { user: account.user, access_token: token, token_type: "Bearer", expires_in: dayS };
}

const claimsOf = (token: string): { sid: string; exp: number } =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** The account a token opens: one that is known, has not run out, and whose session lives. */
export function accountOf(world: World, token: string, { isRenewal }: { isRenewal: boolean }): Account | null {
  const account = world.sessions.get(token);
  if (!account) return null;
  const { sid, exp } = claimsOf(token);
  const session = account.sessions.get(sid);
  const now = world.clock.now().getTime();
  const age = now - Date.parse(session?.created_at ?? "");
  const idle = now - Date.parse(session?.last_used_at ?? "");
  if (!session || age >= 30 * dayS * 1_000 || idle >= 7 * dayS * 1_000) return null;
  if (!isRenewal && exp * 1_000 <= now) return null;
  account.sessions.set(sid, { ...session, last_used_at: world.clock.now().toISOString() });
  return account;
}

function renew({ world, account, request }: Call): Answer {
  if (world.tooMany) throw new Refusal(429, "too_many_requests", "Too many requests. Try again in 7 s.");
  return { status: 200, body: named(world, account, claimsOf(tokenOf(request)).sid) };
}

function listSessions({ account, request }: Call): Answer {
  const { sid } = claimsOf(tokenOf(request));
  const data = [...account.sessions.values()].map((one) => ({ ...one, current: one.id === sid }));
  return { status: 200, body: { data } };
}

function endOthers({ account, request }: Call): Answer {
  const { sid } = claimsOf(tokenOf(request));
  for (const id of account.sessions.keys()) if (id !== sid) account.sessions.delete(id);
  return { status: 204 };
}

export const accountRoutes: Route[] = [
  { method: "GET", path: /^\/api\/auth\/me$/, run: ({ account }) => ({ status: 200, body: account.user }) },
  { method: "PATCH", path: /^\/api\/auth\/me$/, run: updateMe },
  { method: "DELETE", path: /^\/api\/auth\/me$/, run: eraseMe },
  { method: "POST", path: /^\/api\/auth\/password$/, run: changePassword },
  {
    method: "GET",
    path: /^\/api\/auth\/mail$/,
    run: ({ world }) => ({ status: 200, body: { stopped: world.stopped } }),
  },
  { method: "POST", path: /^\/api\/auth\/email$/, run: changeEmail },
  { method: "POST", path: /^\/api\/auth\/verify\/resend$/, run: resendProof },
  { method: "POST", path: /^\/api\/auth\/proof$/, run: prove },
  {
    method: "POST",
    path: /^\/api\/logout$/,
    run: ({ account, request }) => gone(account.sessions.delete(claimsOf(tokenOf(request)).sid)),
  },
  { method: "POST", path: /^\/api\/auth\/renew$/, run: renew },
  { method: "GET", path: /^\/api\/sessions$/, run: listSessions },
  { method: "DELETE", path: /^\/api\/sessions$/, run: endOthers },
  {
    method: "DELETE",
    path: /^\/api\/sessions\/([^/]+)$/,
    run: ({ account, id }) => gone(account.sessions.delete(id)),
  },
  { method: "GET", path: /^\/api\/tokens$/, run: listTokens },
  { method: "POST", path: /^\/api\/tokens$/, run: createToken },
  {
    method: "DELETE",
    path: /^\/api\/tokens\/([^/]+)$/,
    run: ({ account, id }) => gone(account.tokens.delete(id)),
  },
];

function updateMe({ account, body }: Call): Answer {
  if (body.time_zone === "Nowhere/Land") throw invalid("/time_zone", "is no time zone");
  for (const [name, clock] of Object.entries(body.day_parts ?? {}))
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(String(clock))) throw invalid(`/day_parts/${name}`, "must look like 09:00");
  account.user = { ...account.user, ...body };
  return { status: 200, body: account.user };
}

function eraseMe({ world, account, body }: Call): Answer {
  if (body.password !== account.password) throw invalid("/password", "is not the password of this account");
  world.accounts.delete(account.user.email);
  for (const [token, owner] of world.sessions) if (owner === account) world.sessions.delete(token);
  return { status: 204 };
}

function changePassword({ account, body }: Call): Answer {
  if (body.current_password !== account.password) throw invalid("/current_password", "is not your password");
  if (String(body.new_password).length < 8) throw invalid("/new_password", "must have at least 8 characters");
  account.password = String(body.new_password);
  return { status: 204 };
}

function listTokens({ account, url }: Call): Answer {
  const tokens = [...account.tokens.values()].map(({ token: _secret, ...shown }) => shown);
  return { status: 200, body: pageOf(tokens, url.searchParams) };
}

function createToken({ world, account, body, now }: Call): Answer {
  requireProof(world);
  const token = {
    id: Bun.randomUUIDv7(),
    name: String(body.name),
    scope: body.scope === "write" ? ("write" as const) : ("read" as const),
    expires_at: new Date(
      typeof body.expires_at === "string" ? body.expires_at : Date.parse(now) + 365 * dayS * 1_000,
    ).toISOString(),
    last_used_at: null,
    created_at: now,
    token: `cat_${Bun.randomUUIDv7().replaceAll("-", "")}`,
  };
  account.tokens.set(token.id, token);
  return { status: 201, body: token };
}
