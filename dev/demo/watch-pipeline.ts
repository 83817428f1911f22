import { pause } from '../orders/pause';
import { failIfEnded, type LocalService } from '../services/local-services';
import type { PipelineWatch } from '../services/pipeline-watch';
import { ProgressLine } from './progress-line';

const LOOK_MS = 1_000;

/**
 * Shows the progress of the layers until they are where they should be, or the signal aborts. A server that is stopped
 * meanwhile is waited for, as the services do.
 * @param sent how many messages have been sent
 * @param isDone asked with the messages that are not finished, the orders that wait, and how long nothing has been
 *   unfinished
 * @throws when a service has ended
 */
export async function watchPipeline(
  { pipeline, services, signal }: { pipeline: PipelineWatch; services: LocalService[]; signal: AbortSignal },
  sent: () => number,
  isDone: (lag: number, parked: number, idleMs: number) => boolean,
): Promise<void> {
  const line = new ProgressLine();
  let lastBusy = Date.now();
  try {
    while (!signal.aborted) {
      const state = await pipeline.state().catch((error: Error) => error);
      if (state instanceof Error) {
        line.printWhy(state.message);
        lastBusy = Date.now();
      } else {
        line.print(sent(), state);
        lastBusy = state.lag > 0 ? Date.now() : lastBusy;
        if (isDone(state.lag, state.parked, Date.now() - lastBusy)) {
          return;
        }
      }
      failIfEnded(services);
      await pause(LOOK_MS, signal);
    }
  } finally {
    line.end();
  }
}
