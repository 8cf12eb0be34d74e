import type { SignedIn, User } from "@carillon/contracts/http/auth";
import type { ProblemDocument } from "@carillon/contracts/problem";
import { readCredentials, writeCredentials } from "../account/credentials.ts";
import { readUrl, usualUrl } from "../account/find-account.ts";
import { Failure, UsageError } from "../exit.ts";
import { send } from "../http/client.ts";
import { readJson } from "../http/read-answer.ts";
import { printable } from "../terminal/printable.ts";
import type { Screen } from "../terminal/screen.ts";
import type { World } from "../world.ts";
import { isGiven, optionOf } from "./command.ts";
import type { Given } from "./read-arguments.ts";

type Login = { world: World; given: Given; screen: Screen };

/** The mark of a device that has signed in before. */
const deviceHeader = "carillon-device";

export async function login(run: Login): Promise<void> {
  const { world, screen } = run;
  const url = readUrl(optionOf(run, "url") || world.env.CARILLON_URL || readCredentials(world).signIn?.url || usualUrl);
  if (url.protocol === "http:" && !/^(localhost|127\..*|\[::1\])$/.test(url.hostname))
    screen.note(`${url.origin} is not encrypted: others on the way can read what you send.`);
  const user = isGiven(run, "token") ? await keepToken(run, url) : await signIn(run, url);
  if (world.env.CARILLON_TOKEN) screen.note("CARILLON_TOKEN is set and goes before this sign-in.");
  if (screen.json) return screen.data({ url: url.origin, user });
  await screen.line(`Signed in at ${url.origin} as ${printable(user.email)}.`);
}

async function keepToken({ world }: Login, url: URL): Promise<User> {
  const token = (await secret(world, "Access token: ")).trim();
  if (!/^[\w.~+/-]+=*$/.test(token)) throw new UsageError("That is no access token; create one in the settings.");
  const user = await readJson<User>(await send(world, url, "/api/auth/me", {}, token));
  const { devices } = readCredentials(world);
  writeCredentials(world, {
    signIn: { url: url.origin, kind: "token", token, userId: user.id, email: user.email },
    devices,
  });
  return user;
}

async function signIn(run: Login, url: URL): Promise<User> {
  const { world } = run;
  const email = optionOf(run, "email") ?? (await world.ask("E-mail: ", false));
  if (!email) throw new UsageError("Without a terminal, give --email, and the password on standard input.");
  const password = await secret(world, "Password: ");
  const { devices } = readCredentials(world);
  const mark = devices[url.origin];
  const headers = mark ? { [deviceHeader]: mark } : {};
  const body = { email, password };
  const first = await send(world, url, "/api/signin", { method: "POST", body, headers });
  const answer = (await secondStep(world, url, first, headers)) ?? first;
  const signedIn = await readJson<SignedIn>(answer);
  const device = answer.headers.get(deviceHeader) ?? mark;
  writeCredentials(world, {
    signIn: {
      url: url.origin,
      kind: "session",
      token: signedIn.access_token,
      userId: signedIn.user.id,
      email: signedIn.user.email,
    },
    devices: device ? { ...devices, [url.origin]: device } : devices,
  });
  return signedIn.user;
}

async function secondStep(
  world: World,
  url: URL,
  first: Response,
  headers: Record<string, string>,
): Promise<Response | null> {
  if (first.status !== 401) return null;
  const problem: ProblemDocument | null = await first
    .clone()
    .json()
    .catch(() => null);
  if (!problem?.challenge) return null;
  const code = await world.ask("Code of your authenticator app, or a recovery code: ", false);
  if (!code)
    throw new Failure("signIn", "This account asks for a code; sign in at a terminal, or use an access token.");
  const body = { challenge: problem.challenge, code: code.trim() };
  return send(world, url, "/api/signin/second", { method: "POST", body, headers });
}

const maxSecretBytes = 4_096;

/** From the terminal, else the first line of standard input; never from the command line, which other users can read. */
async function secret(world: World, question: string): Promise<string> {
  const typed = await world.ask(question, true);
  if (typed !== null) return typed;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of world.input()) {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxSecretBytes || part.includes(10)) break;
  }
  return Buffer.concat(parts).toString("utf8").split(/\r?\n/)[0] ?? "";
}
