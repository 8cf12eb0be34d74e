/** Requests of users and programs: no probes, scrapes or internal calls. */
export const userRequests = { service: "=~api|web", route: "!~/(health.*|ready|metrics|internal.*)" } as const;

/** Requests with a server error. */
export const failedRequests = { ...userRequests, status: "=~5.." } as const;

/** Service level: requests without a server error, over a month. */
export const availability = 0.995;

/** Service level: requests answered within `slowSeconds`. */
export const inTime = 0.95;
export const slowSeconds = 0.5;
