/** Milliseconds between tries of what a broker refuses for a moment, as while partitions change their leaders. */
export const RETRY_PAUSES = [100, 200, 400, 800, 1_000];
