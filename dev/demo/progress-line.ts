import type { PipelineState } from '../services/pipeline-watch';

/** One line a second: rewritten in place on a terminal, every five seconds elsewhere. */
export class ProgressLine {
  private last = 0;

  print(sent: number, { stg, dds, cdm, lag, parked }: PipelineState): void {
    this.show(
      `sent ${pad(sent)} messages │ stg ${pad(stg)} │ dds ${pad(dds)} │ cdm ${pad(cdm)} orders │ ` +
        `lag ${pad(lag)} │ parked ${parked}`,
    );
  }

  /** Why nobody knows how far the layers are. */
  printWhy(reason: string): void {
    this.show(`waiting: ${reason}`);
  }

  end(): void {
    if (process.stdout.isTTY) {
      process.stdout.write('\n');
    }
  }

  private show(line: string): void {
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\u001B[K${line}`);
    } else if (Date.now() - this.last >= 5_000) {
      console.log(line);
      this.last = Date.now();
    }
  }
}

function pad(number: number): string {
  return number.toLocaleString('en').padStart(7);
}
