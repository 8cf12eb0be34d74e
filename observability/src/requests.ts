/** What people and programs ask of the product: not probes, not scrapes, not neighbours. */
export const userRequests = { service: "=~api|web", route: "!~/(health.*|ready|metrics|internal.*)" } as const;

/** Those that a fault of ours failed. */
export const failedRequests = { ...userRequests, status: "=~5.." } as const;

/** Of the service level: answered without a fault of ours, over a month. */
export const availability = 0.995;

/** Of the service level: answered within `slowSeconds`. */
export const inTime = 0.95;
export const slowSeconds = 0.5;
