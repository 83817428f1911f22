import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 30_000;
const AGAIN_MS = 1_000;

/** Does what a server has to be there for; tries again for half a minute, and then fails as the last try did. */
export async function patiently(work: () => Promise<void>): Promise<void> {
  for (const begun = performance.now(); ; await pause(AGAIN_MS)) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() - begun > PATIENCE_MS) {
        throw error;
      }
    }
  }
}
