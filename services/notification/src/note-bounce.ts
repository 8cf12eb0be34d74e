import type { MailFailure } from "@carillon/adapters/mail";
import { askApi } from "./ask-api.ts";
import type { NotificationDeps } from "./deps.ts";

/** Tells api of a mailbox that does not exist. When api does not hear it, the next mail there is refused and told again. */
export async function noteBounce(
  { invoke, log }: Pick<NotificationDeps, "invoke" | "log">,
  failure: MailFailure,
  email: string,
): Promise<void> {
  if (!failure.isNoMailbox) return;
  await askApi(invoke)
    .noteBounces([email])
    .catch((error: unknown) => log.warn("bounce: not noted", { error: String(error) }));
}
