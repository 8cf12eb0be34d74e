import type { Identity } from "@carillon/contracts/http/identities";
import { type Answer, notFound, Refusal } from "./refusal.ts";
import { type Account, newAccount } from "./store.ts";
import { type Call, gone, type Route, type World } from "./world.ts";

type Body = Record<string, unknown>;

export const authorize = "https://provider.example/authorize?scope=openid+email&state=";

const go = (state: string): Answer => ({
  status: 200,
  body: { url: `${authorize}${state}`, flow: `flow-${state}`, expires_in: 600 },
});

export function startProvider(world: World, { again = false }: Body): Answer {
  if (world.provider === null) throw notFound();
  return go(again ? "again" : "enter");
}

/** The code of the provider's answer is the address it has proven. @throws Refusal for an answer at another address, or to another flow. */
function codeOf(world: World, { flow, callback_url }: Body, states: readonly string[]): string {
  if (world.provider === null) throw notFound();
  const url = new URL(String(callback_url));
  const state = url.searchParams.get("state") ?? "";
  const isHere = url.origin + url.pathname === "http://localhost:3000/sign-in/provider/callback";
  if (!isHere || flow !== `flow-${state}` || !states.includes(state))
    throw new Refusal(
      401,
      "unauthenticated",
      "This sign-in with Example took too long or was not started here. Start again.",
    );
  if (url.searchParams.get("error")) throw new Refusal(401, "unauthenticated", "You cancelled at Example.");
  return url.searchParams.get("code") ?? "";
}

/** The account that the provider opens, made for an address that is new. */
export function ownerAtProvider(world: World, body: Body, now: string): Account {
  const email = codeOf(world, body, ["enter", "again"]);
  const owner = [...world.accounts.values()].find(({ identities }) => identities.has(email));
  if (owner) return owner;
  if (world.accounts.has(email))
    throw new Refusal(
      409,
      "conflict",
      "There is already an account with this e-mail address. Sign in to it, then connect Example in the settings.",
    );
  const account = newAccount(
    {
      id: Bun.randomUUIDv7(),
      email,
      email_verified: true,
      name: "",
      time_zone: String(body.time_zone ?? "UTC"),
      has_password: false,
      created_at: now,
      notifications: { email: true },
      language: null,
      date_order: "dmy",
      hour_cycle: "h23",
      week_start: "monday",
      day_parts: { morning: "09:00", afternoon: "15:00", evening: "19:00", night: "21:00" },
    },
    Bun.randomUUIDv7(),
  );
  world.accounts.set(email, account);
  connect(account, email, now);
  return account;
}

function connect({ identities }: Account, email: string, created_at: string): Identity {
  const made = { id: Bun.randomUUIDv7(), provider: "Example", email, created_at, last_used_at: null };
  identities.set(email, made);
  return made;
}

export const providerRoutes: Route[] = [
  {
    method: "GET",
    path: /^\/api\/identities$/,
    run: ({ account }) => ({ status: 200, body: { data: [...account.identities.values()] } }),
  },
  {
    method: "POST",
    path: /^\/api\/identities\/start$/,
    run: ({ world }) => {
      if (world.proofIsOld) throw new Refusal(403, "proof_required", "Enter your password again.");
      return go("link");
    },
  },
  {
    method: "POST",
    path: /^\/api\/identities$/,
    run: ({ world, account, body, now }: Call) => ({
      status: 201,
      body: connect(account, codeOf(world, body, ["link"]), now),
    }),
  },
  {
    method: "DELETE",
    path: /^\/api\/identities\/([^/]+)$/,
    run: ({ account, id }) => {
      const [email = ""] = [...account.identities].find(([, one]) => one.id === id) ?? [];
      if (!account.user.has_password)
        throw new Refusal(
          409,
          "conflict",
          "This is the only way into your account. Set a password first, by a link in a mail.",
        );
      return gone(account.identities.delete(email));
    },
  },
];
