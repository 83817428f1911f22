import { setTimeout as sleep } from 'node:timers/promises';
import { failIfEnded, type LocalService, type ServiceName } from '../services/local-services';
import type { BenchStack } from './bench-stack';
import type { EffortMeter } from './effort-meter';

/** Kafka answers each look, and two processors are shared by all: half a thousand looks would be felt. */
const FEWEST_MS = 50;
const MOST_MS = 1_000;
const STUCK_MS = 120_000;
const REPORT_MS = 10_000;

/** From the start of a meter until each service had nothing left to read. */
export type DoneSeconds = Record<ServiceName, number>;

/**
 * Returns when nothing is left to read, and reports when each service had: one after the other, in the order
 * of the flow.
 * @throws when a service ends, or the one that is waited for finishes nothing for two minutes
 */
export async function untilAllIsRead(
  { pipeline }: BenchStack,
  services: LocalService[],
  meter: EffortMeter,
): Promise<DoneSeconds> {
  const doneSeconds = { stg: 0, dds: 0, cdm: 0 };
  for (const { name, log } of services) {
    const progress = new Progress(name, log);
    for (let left = await pipeline.lag(name); left > 0; left = await pipeline.lag(name)) {
      failIfEnded(services);
      await sleep(progress.look(left));
    }
    doneSeconds[name] = meter.seconds;
  }
  return doneSeconds;
}

/** Says when to look again, reports now and then how far a service is, and when it is stuck. */
class Progress {
  private left = Infinity;
  private lookedAt = Date.now();
  private changedAt = Date.now();
  private reportedAt = Date.now();

  constructor(
    private readonly name: ServiceName,
    private readonly log: string,
  ) {}

  /**
   * @returns milliseconds until the next look: half of what the rest takes at the pace since the look before
   * @throws when there are as many messages left as two minutes ago
   */
  look(left: number): number {
    const now = Date.now();
    const pace = (this.left - left) / (now - this.lookedAt);
    this.lookedAt = now;
    if (left !== this.left) {
      this.changedAt = now;
    }
    this.left = left;
    if (now - this.changedAt > STUCK_MS) {
      throw new Error(`${this.name} is stuck with ${left} messages; its log: ${this.log}`);
    }
    if (now - this.reportedAt > REPORT_MS) {
      console.log(`    ${this.name} has ${left.toLocaleString('en')} messages left`);
      this.reportedAt = now;
    }
    return pace > 0 ? Math.min(Math.max(left / pace / 2, FEWEST_MS), MOST_MS) : MOST_MS;
  }
}
