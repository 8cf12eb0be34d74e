import type { EventType } from "@carillon/contracts/catalog";

/** A change of the user's data, as the outbox records it. */
export type Changed = { type: EventType; task_id: string | null };

/** An open subscription; its credential is the session or access token it was opened with. */
export type Subscriber = {
  userId: string;
  credentialId: string;
  /** These changes happened; null: more than are worth reading. */
  changed(changes: readonly Changed[] | null): void;
  /** Its credential has ended, or this process stops. */
  end(): void;
};

export type Notices = {
  /** Tells of every change from now on, until the returned function is called; null when there is no room. */
  subscribe(subscriber: Subscriber): Promise<(() => void) | null>;
  readonly size: number;
  /** Ends every subscription and accepts no new one. */
  stop(): void;
};
