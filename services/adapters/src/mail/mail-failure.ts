/**
 * Why a mail did not go out. `refused`: this mail will never be accepted. `later`: this mail may be
 * accepted later. `away`: the provider accepts nothing right now, or nothing from us. After `later`
 * or `away` it is not certain that nothing went out.
 */
export type MailFailureKind = "refused" | "later" | "away";

export class MailFailure extends Error {
  override readonly name = "MailFailure";
  readonly kind: MailFailureKind;
  /** The pause requested by the provider. */
  readonly retryAfterMs: number | null;
  /** The receiver's server says for good that there is no such mailbox. */
  readonly isNoMailbox: boolean;

  constructor(
    kind: MailFailureKind,
    reason: string,
    options: { retryAfterMs?: number | null; isNoMailbox?: boolean; cause?: unknown } = {},
  ) {
    super(reason, { cause: options.cause });
    this.kind = kind;
    this.isNoMailbox = options.isNoMailbox ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
