import { readCredentials, writeCredentials } from "../account/credentials.ts";
import { Failure } from "../exit.ts";
import { send } from "../http/client.ts";
import { readJson } from "../http/read-answer.ts";
import type { Screen } from "../terminal/screen.ts";
import type { World } from "../world.ts";

export async function logout({ world, screen }: { world: World; screen: Screen }): Promise<void> {
  const { signIn, devices } = readCredentials(world);
  if (signIn === null) throw new Failure("signIn", "You are not signed in here.");
  const forget = () => writeCredentials(world, { signIn: null, devices });
  if (signIn.kind === "session") {
    const url = new URL(signIn.url);
    try {
      const answer = await send(world, url, "/api/logout", { method: "POST" }, signIn.token);
      // Over already is as good.
      if (answer.status !== 401) await readJson(answer);
    } catch (error) {
      forget();
      const why = error instanceof Error ? error.message : String(error);
      throw new Failure(
        "later",
        `Forgotten here, but the session goes on: ${why} End it in the settings, under Sessions.`,
      );
    }
  }
  forget();
  if (signIn.kind === "token")
    screen.note("The access token is forgotten here and still valid; revoke it in the settings.");
  if (screen.json) return screen.data({ url: signIn.url });
  await screen.line(`Signed out at ${signIn.url}.`);
}
