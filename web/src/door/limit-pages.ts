import type { Clock } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";

const minuteMs = 60_000;
/** Maximum users counted per minute, more than have ever come; those beyond are not counted. */
const maxUsers = 100_000;

/**
 * Counts a user's pages per clock minute and rejects those above `most`; 0 counts nothing. Each
 * process counts on its own. Its memory is the users of the current minute.
 */
export function createPageLimit({ most, clock }: { most: number; clock: Clock }) {
  let minute = 0;
  const counts = new Map<string, number>();
  return (userId: string): void => {
    if (most === 0) return;
    const now = clock.now().getTime();
    if (Math.floor(now / minuteMs) !== minute) {
      minute = Math.floor(now / minuteMs);
      counts.clear();
    }
    const count = (counts.get(userId) ?? 0) + 1;
    if (count > 1 || counts.size < maxUsers) counts.set(userId, count);
    if (count <= most) return;
    const seconds = Math.ceil(((minute + 1) * minuteMs - now) / 1_000);
    throw new Problem(
      "too_many_requests",
      `Too many pages in one minute: more than ${most}. Try again in ${seconds} seconds.`,
      {
        headers: { "retry-after": String(seconds) },
      },
    );
  };
}
