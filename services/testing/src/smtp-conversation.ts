import type { Socket } from "node:net";

export type Received = {
  from: string;
  to: string[];
  /** The message as it was before its dots were stuffed. */
  data: string;
  isEncrypted: boolean;
  user: string | null;
};

/** What the server does once instead of the right thing. */
export type SmtpTrouble =
  | { at: "MAIL" | "RCPT" | "DATA" | "end of data"; answer: string }
  | { at: "greeting" | "end of data"; answer: "hang" }
  | { at: "end of data"; answer: "lose" };

export type World = {
  received: Received[];
  troubles: SmtpTrouble[];
  users: Record<string, string> | null;
  offersTls: boolean;
};

type Talk = {
  world: World;
  socket: Socket;
  isEncrypted: boolean;
  upgrade: () => void;
  user: string | null;
  mail: Received;
  /** Lines of the message, while one is being sent. */
  data: string[] | null;
  /** Answers to AUTH LOGIN, while they are being given. */
  login: string[] | null;
};

const say = ({ socket }: Talk, line: string): unknown => socket.write(`${line}\r\n`);
const decode = (base64: string | undefined): string => Buffer.from(base64 ?? "", "base64").toString();
const ask = (talk: Talk, what: string): unknown => say(talk, `334 ${Buffer.from(what).toString("base64")}`);
const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? "";

function troubleAt({ world }: Talk, at: string): string | null {
  const index = world.troubles.findIndex((one) => one.at === at);
  return index === -1 ? null : (world.troubles.splice(index, 1)[0]?.answer ?? null);
}

function signIn(talk: Talk, name = "", password = ""): unknown {
  if (talk.world.users?.[name] !== password) return say(talk, "535 5.7.8 no");
  talk.user = name;
  return say(talk, "235 welcome");
}

const commands: Record<string, (talk: Talk, line: string) => unknown> = {
  EHLO(talk) {
    // The first line is a greeting, of which clients read nothing.
    say(talk, "250-test.server");
    if (talk.world.offersTls && !talk.isEncrypted) say(talk, "250-STARTTLS");
    if (talk.world.users) say(talk, "250-AUTH PLAIN LOGIN");
    say(talk, "250 8BITMIME");
  },
  STARTTLS(talk) {
    say(talk, "220 go ahead");
    talk.socket.removeAllListeners("data");
    talk.upgrade();
  },
  AUTH(talk, line) {
    const [, method, initial] = line.split(" ");
    if (method?.toUpperCase() === "PLAIN") return signIn(talk, ...decode(initial).split("\0").slice(1));
    talk.login = initial ? [decode(initial)] : [];
    return ask(talk, initial ? "Password:" : "Username:");
  },
  MAIL(talk, line) {
    const { world, user, isEncrypted } = talk;
    if (world.users && user === null) return say(talk, "530 5.7.0 sign in first");
    talk.mail = { from: addressIn(line), to: [], data: "", isEncrypted, user };
    return say(talk, "250 ok");
  },
  RCPT(talk, line) {
    talk.mail.to.push(addressIn(line));
    say(talk, "250 ok");
  },
  DATA(talk) {
    talk.data = [];
    say(talk, "354 go on");
  },
  RSET: (talk) => say(talk, "250 ok"),
  NOOP: (talk) => say(talk, "250 ok"),
  QUIT(talk) {
    say(talk, "221 bye");
    talk.socket.end();
  },
};

function onLine(talk: Talk, line: string): unknown {
  if (talk.data) return onData(talk, talk.data, line);
  if (talk.login) return onLogin(talk, talk.login, line);
  const verb = line.split(" ")[0]?.toUpperCase() ?? "";
  const trouble = troubleAt(talk, verb);
  if (trouble) return say(talk, trouble);
  const command = commands[verb];
  return command ? command(talk, line) : say(talk, "502 unknown");
}

function onData(talk: Talk, lines: string[], line: string): unknown {
  if (line !== ".") return lines.push(line.startsWith(".") ? line.slice(1) : line);
  talk.data = null;
  const trouble = troubleAt(talk, "end of data");
  if (trouble === "hang") return;
  if (trouble !== null && trouble !== "lose") return say(talk, trouble);
  talk.world.received.push({ ...talk.mail, data: lines.join("\r\n") });
  return trouble === "lose" ? talk.socket.destroy() : say(talk, "250 taken");
}

function onLogin(talk: Talk, given: string[], line: string): unknown {
  given.push(decode(line));
  if (given.length < 2) return ask(talk, "Password:");
  talk.login = null;
  return signIn(talk, ...given);
}

/** One connection's conversation (RFC 5321). `upgrade` hands the socket over when the client asks for TLS. */
export function converse(socket: Socket, world: World, isEncrypted: boolean, upgrade: () => void): void {
  const mail = { from: "", to: [], data: "", isEncrypted, user: null };
  const talk: Talk = { world, socket, isEncrypted, upgrade, user: null, mail, data: null, login: null };
  let rest = "";
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    rest += chunk.toString("latin1");
    for (let end = rest.indexOf("\r\n"); end !== -1; end = rest.indexOf("\r\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      onLine(talk, Buffer.from(line, "latin1").toString());
    }
  });
  if (!isEncrypted && troubleAt(talk, "greeting") !== "hang") say(talk, "220 test server");
}
