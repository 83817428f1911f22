/** What the tools that list something take, for `parseArgs`. */
export const listOptions = {
  limit: { type: 'string', default: '100' },
  json: { type: 'boolean', default: false },
} as const;

/** @throws naming the option and the value that can't be used */
export function readLimit(given: string): number {
  if (!/^\d{1,9}$/.test(given)) {
    throw new Error(`--limit is a whole number: "${given}" isn't.`);
  }
  return Number(given);
}
