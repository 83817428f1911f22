import { setTimeout as sleep } from 'node:timers/promises';
import { failIfEnded, type LocalService, type ServiceName } from '../services/local-services';
import type { BenchStack } from './bench-stack';
import type { EffortMeter } from './effort-meter';

/** Often enough for an end of some seconds, seldom enough for Kafka, which answers, not to feel it. */
const LOOK_MS = 200;
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
      progress.look(left);
      await sleep(LOOK_MS);
    }
    doneSeconds[name] = meter.seconds;
  }
  return doneSeconds;
}

/** Reports now and then how far a service is, and when it is stuck. */
class Progress {
  private left = Infinity;
  private changedAt = Date.now();
  private reportedAt = Date.now();

  constructor(
    private readonly name: ServiceName,
    private readonly log: string,
  ) {}

  /** @throws when there are as many messages left as two minutes ago */
  look(left: number): void {
    const now = Date.now();
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
  }
}
