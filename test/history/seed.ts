/** Long forms of the tests: `npm run test:guarantees`. */
export const isLong = process.env.LONG === '1';

/** Of all that is random in a test: the environment variable SEED repeats it. */
export function drawSeed(): number {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  return seed;
}
