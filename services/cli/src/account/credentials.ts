import type { World } from "../world.ts";
import { credentialsFile, readPrivate, writePrivate } from "./folders.ts";

/** A sign-in: a session can be renewed and ended, an access token only be forgotten. */
export type SignIn = { url: string; kind: "session" | "token"; token: string; userId: string; email: string };

/** `devices`: the mark that each product gave this machine at its first sign-in. */
export type Credentials = { signIn: SignIn | null; devices: Record<string, string> };

const maxDevices = 10;

export function readCredentials(world: Pick<World, "env" | "home">): Credentials {
  const text = readPrivate(credentialsFile(world));
  try {
    const { signIn = null, devices = {} } = JSON.parse(text ?? "{}");
    return { signIn, devices };
  } catch {
    return { signIn: null, devices: {} };
  }
}

export function writeCredentials(world: Pick<World, "env" | "home">, { signIn, devices }: Credentials): void {
  const kept = Object.fromEntries(Object.entries(devices).slice(-maxDevices));
  writePrivate(credentialsFile(world), `${JSON.stringify({ signIn, devices: kept }, null, 2)}\n`);
}
