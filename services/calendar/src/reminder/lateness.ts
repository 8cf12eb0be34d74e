/** A reminder later than this is shown as missed and no longer mailed. */
export const mostLateMs = 24 * 3_600_000;

export const isTooLate = (remindAt: Date, now: Date): boolean => now.getTime() - remindAt.getTime() > mostLateMs;
