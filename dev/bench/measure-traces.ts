import { join } from 'node:path';
import { fillDictionary, fillTopic, weekOfOrders } from './bench-history';
import type { TracedCatchUp } from './bench-report';
import { onNewStack } from './bench-stack';
import { catchUp } from './catch-up';
import { checkWarehouse } from './check-warehouse';
import { SpanCounter } from './span-counter';

const PAIRS = 3;
/** Of the orders, those whose trace is sampled. */
const SHARE = '0.1';

/** What traces cost: the same history without and with them, in turn and each time on new servers. */
export async function measureTraces(orders: number, logs: string): Promise<TracedCatchUp[]> {
  const measured: TracedCatchUp[] = [];
  for (let pair = 1; pair <= PAIRS; pair++) {
    console.log(`  pair ${pair} of ${PAIRS}`);
    // What drifts on the machine must not always find the same one second.
    for (const traced of pair % 2 === 0 ? [true, false] : [false, true]) {
      measured.push(await history(orders, traced, join(logs, `${pair}-${traced ? 'with' : 'without'}`)));
    }
  }
  return measured;
}

async function history(orders: number, traced: boolean, logs: string): Promise<TracedCatchUp> {
  const counter = traced ? await SpanCounter.start() : undefined;
  return onNewStack(async (stack) => {
    const sent = await fillTopic(stack, weekOfOrders(await fillDictionary(stack), orders));
    const environment = {
      ...stack.environment,
      ...(counter && {
        OTEL_EXPORTER_OTLP_ENDPOINT: counter.address,
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: SHARE,
      }),
    };
    const { caughtUp } = await catchUp({ ...stack, environment }, sent, { logs }, () =>
      checkWarehouse(stack, [sent]),
    );
    return { ...caughtUp, received: await counter?.end() };
  });
}
