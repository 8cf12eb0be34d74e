import { type Answer, invalid, Refusal } from "./refusal.ts";
import type { Account } from "./store.ts";
import { type Call, gone, type Route, type World } from "./world.ts";

type Body = Record<string, unknown>;

/** The code that every app shows, always. */
export const rightCode = "123456";
const codes = Array.from({ length: 10 }, (_, at) => `aaaa-bbbb-cccc-ddd${at}`);

/** Throws for an account with an app, as the first step of a sign-in is answered. */
export function requireNoSecondStep(account: Account): void {
  if (!account.recoveryCodes) return;
  const challenge = `challenge-${account.user.email}`;
  throw new Refusal(401, "second_factor_required", "Enter a code.", { challenge });
}

/** The account whose second step this is. */
export function secondStep(world: World, { challenge, code }: Body): Account {
  const account = world.accounts.get(String(challenge).replace("challenge-", ""));
  if (!account?.recoveryCodes) throw new Refusal(401, "unauthenticated", "Start again.");
  if (!useCode(account, code)) throw invalid("/code", "is wrong or was used already");
  return account;
}

const useCode = ({ recoveryCodes }: Account, code: unknown): boolean =>
  code === rightCode || (recoveryCodes?.delete(String(code)) ?? false);

const requirePassword = ({ account, body }: Call): void => {
  if (body.password !== account.password) throw invalid("/password", "is not your password");
};

function start(call: Call): Answer {
  requirePassword(call);
  const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
  const uri = `otpauth://totp/Carillon:ada%40example.com?issuer=Carillon&secret=${secret}`;
  return { status: 200, body: { secret, uri } };
}

function confirm({ account, body }: Call): Answer {
  if (body.code !== rightCode) throw invalid("/code", "is not the code that the app shows now");
  account.recoveryCodes = new Set(codes);
  return { status: 200, body: { recovery_codes: codes } };
}

function remove(call: Call): Answer {
  requirePassword(call);
  if (!useCode(call.account, call.body.code)) throw invalid("/code", "is wrong or was used already");
  call.account.recoveryCodes = null;
  return { status: 204 };
}

const options = (): Answer => ({ status: 200, body: { challenge: "Y2hhbGxlbmdl", rp: { id: "localhost" } } });

/** The account whose passkey it is. */
export function ownerOfPasskey(world: World, body: Body): Account {
  const { id } = (body.credential ?? {}) as { id?: string };
  const owner = [...world.accounts.values()].find((one) => one.passkeys.has(id ?? ""));
  if (!owner) throw new Refusal(401, "unauthenticated", "This passkey opens no account here.");
  return owner;
}

function createPasskey({ account, body, now }: Call): Answer {
  const { id } = (body.credential ?? {}) as { id?: string };
  if (!id) throw invalid("/credential", "is no passkey");
  const made = { id, name: String(body.name || "A browser"), created_at: now, last_used_at: null };
  account.passkeys.set(id, made);
  return { status: 201, body: made };
}

export const askPasskey = options;

export const factorRoutes: Route[] = [
  {
    method: "GET",
    path: /^\/api\/auth\/totp$/,
    run: ({ account: { recoveryCodes } }) => ({
      status: 200,
      body: { enabled: recoveryCodes !== null, recovery_codes_left: recoveryCodes?.size ?? 0 },
    }),
  },
  { method: "POST", path: /^\/api\/auth\/totp$/, run: start },
  { method: "POST", path: /^\/api\/auth\/totp\/confirm$/, run: confirm },
  { method: "DELETE", path: /^\/api\/auth\/totp$/, run: remove },
  { method: "POST", path: /^\/api\/passkeys\/options$/, run: options },
  { method: "POST", path: /^\/api\/passkeys$/, run: createPasskey },
  {
    method: "GET",
    path: /^\/api\/passkeys$/,
    run: ({ account }) => ({ status: 200, body: { data: [...account.passkeys.values()] } }),
  },
  {
    method: "DELETE",
    path: /^\/api\/passkeys\/([^/]+)$/,
    run: ({ account, id }) => gone(account.passkeys.delete(id)),
  },
];
