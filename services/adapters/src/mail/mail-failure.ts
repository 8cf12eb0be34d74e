/**
 * Why a mail did not go out. `refused`: this mail will never be taken. `later`: this mail may be taken another time. `away`: the provider
 * takes nothing just now, or nothing from us. Whoever gets `later` or `away` cannot be sure that nothing went out.
 */
export type MailFailureKind = "refused" | "later" | "away";

export class MailFailure extends Error {
  override readonly name = "MailFailure";
  readonly kind: MailFailureKind;
  /** How long the provider asked us to wait. */
  readonly retryAfterMs: number | null;

  constructor(kind: MailFailureKind, reason: string, options: { retryAfterMs?: number | null; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
