/** Pages a minute and user: far above what reading and working by hand asks for. */
export const pagesPerMinute = 600;
