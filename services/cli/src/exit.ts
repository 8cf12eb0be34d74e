import type { ProblemDocument } from "@carillon/contracts/problem";

/** What the program's exit code says. 75 is sysexits' EX_TEMPFAIL. */
export const exitCodes = {
  ok: { code: 0, means: "done" },
  failure: { code: 1, means: "refused, or failed; standard error says why" },
  usage: { code: 2, means: "the command line makes no sense" },
  signIn: { code: 3, means: "not signed in, or the sign-in is over" },
  notFound: { code: 4, means: "there is no such task" },
  conflict: { code: 5, means: "the task's state does not allow it, or it was changed in the meantime" },
  later: {
    code: 75,
    means: "the product cannot be reached or is busy; a change is kept and sent with the next command",
  },
} as const;
export type ExitName = keyof typeof exitCodes;

/** A failure that the user reads: one sentence, what the product said of the input, and how the program ends. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    readonly exit: ExitName,
    message: string,
    readonly problem: ProblemDocument | null = null,
  ) {
    super(message);
  }
}

/** The command line makes no sense; the message says what is wrong. */
export class UsageError extends Failure {
  constructor(message: string) {
    super("usage", message);
  }
}
