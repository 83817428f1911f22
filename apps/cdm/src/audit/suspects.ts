import type { What } from './audit-metrics';
import { Mark, type Progress } from './pipeline-progress';
import { rowName, type WrongRow } from './wrong-rows';

/** More are not remembered: the next round finds them again. */
const MOST = 10_000;

export interface Suspect {
  what: What;
  row: WrongRow;
}

/**
 * Rows that may be on their way. They are looked at again once the pipeline is done with what there was after they were
 * seen. A process remembers its own: when it ends, the next round finds them again.
 */
export class Suspects {
  private gathered = new Map<string, Suspect>();
  private marked?: { mark: Mark; since: number; suspects: Map<string, Suspect> };

  /** @param graceMs so long they are left alone in any case, in milliseconds */
  constructor(private readonly graceMs: number) {}

  get isEmpty(): boolean {
    return this.gathered.size === 0 && !this.marked;
  }

  add(what: What, rows: WrongRow[]): void {
    for (const row of rows) {
      const name = rowName(row);
      if (this.gathered.size < MOST && !this.marked?.suspects.has(name)) {
        this.gathered.set(name, { what, row });
      }
    }
  }

  /** @returns those with which the pipeline is done by now, by name; they are forgotten */
  take(progress: Progress): Map<string, Suspect> {
    if (!this.marked && this.gathered.size > 0) {
      this.marked = { mark: new Mark(), since: performance.now(), suspects: this.gathered };
      this.gathered = new Map();
    }
    const { marked } = this;
    if (!marked || !marked.mark.hasPassed(progress) || performance.now() - marked.since < this.graceMs) {
      return new Map();
    }
    this.marked = undefined;
    return marked.suspects;
  }
}
