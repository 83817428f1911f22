import type { PipelineState, ServiceState } from './questions/answers';

/** A service reports every few seconds. */
const SILENT_MS = 20_000;

/** `untold`: it works, but the broker does not say how much is left. */
export type ServiceHealth = 'running' | 'catchingUp' | 'silent' | 'untold';

export interface Completeness {
  /**
   * Whether every order that was received is counted; unknown where a service is silent, or the state itself is old.
   */
  verdict: 'complete' | 'behind' | 'unknown';
  /** Messages that some service has still to read. */
  unread: number;
  parked: number;
  /** Refused messages with which no operator has done anything. */
  refused: number;
}

export function healthOf({ seen_at, lag }: ServiceState, at: string): ServiceHealth {
  if (seen_at === null || Date.parse(at) - Date.parse(seen_at) > SILENT_MS) {
    return 'silent';
  }
  if (lag === null) {
    return 'untold';
  }
  return lag > 0 ? 'catchingUp' : 'running';
}

export function completenessOf({ services, stale_since, at }: PipelineState): Completeness {
  const unread = sum(services.map(({ lag }) => lag ?? 0));
  const parked = sum(services.flatMap((one) => one.parked.map(({ orders }) => orders)));
  const refused = sum(services.flatMap((one) => one.dead_letters.map(({ open }) => open)));
  const isUnknown =
    stale_since !== null || services.some((one) => ['silent', 'untold'].includes(healthOf(one, at)));
  const isBehind = unread > 0 || parked > 0;
  return { verdict: isUnknown ? 'unknown' : isBehind ? 'behind' : 'complete', unread, parked, refused };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
