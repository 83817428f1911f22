import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline } from '../../harness/pipeline';

/** The clock of the wall of services, which a test sets forward and back. */
export class WallClock {
  private readonly file: string;

  constructor(pipeline: Pipeline) {
    this.file = join(pipeline.logs, 'wall-clock');
    this.set(0);
  }

  /** What a service needs in its environment to go by this clock. */
  get environment(): Record<string, string> {
    return {
      NODE_OPTIONS: `--import=${new URL('set-clock.mjs', import.meta.url).href}`,
      WALL_CLOCK: this.file,
    };
  }

  /** @param ahead by how many milliseconds it is ahead of the true time; negative: behind */
  set(ahead: number): void {
    writeFileSync(this.file, String(ahead));
  }
}
