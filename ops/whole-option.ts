/**
 * The value of an option that is a whole number of at most six digits.
 * @throws naming the option and the value
 */
export function wholeOption(option: string, given: string): number {
  if (!/^\d{1,6}$/.test(given)) {
    throw new Error(`--${option} is a whole number up to 999999: "${given}" isn't.`);
  }
  return Number(given);
}
