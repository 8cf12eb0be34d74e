/** Pages per minute and user: far above what reading and working by hand needs. */
export const pagesPerMinute = 600;
