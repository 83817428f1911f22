import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalService } from '../services/local-services';
import type { BenchStack } from './bench-stack';
import { pidsOf } from './catch-up';
import { EffortMeter } from './effort-meter';
import { processorShares } from './processor-costs';

const IDLE_MS = 20_000;

/** What services with nothing to do take, and the servers for their sake: processor milliseconds a second. */
export async function measureIdle(
  stack: BenchStack,
  services: LocalService[],
): Promise<Record<string, number>> {
  const pids = pidsOf(services);
  await stack.database.query('CHECKPOINT');
  const meter = await EffortMeter.start(stack, pids);
  await sleep(IDLE_MS);
  const { cpuSeconds, seconds } = await meter.read('order_vault', pids);
  return processorShares(cpuSeconds, seconds);
}
