import type { View } from './address';

/** What the clocks of a view show. */
type Clocks = Pick<View, 'knownAt' | 'trueAt'>;

export function isPast({ knownAt, trueAt }: Clocks): boolean {
  return knownAt !== undefined || trueAt !== undefined;
}

/** The parameters of the API for the moment of a view. */
export function momentQuery({ knownAt, trueAt }: Clocks): Record<string, string | undefined> {
  return { known_at: knownAt, true_at: trueAt };
}

/** @returns as an address has it: to the second, of UTC */
export function instantText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
