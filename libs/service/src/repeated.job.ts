import { Logger } from '@nestjs/common';
import { WaitLog } from '@app/servers/wait-log';
import type { Judgement } from '@app/servers/verdict';
import { judge } from './judge';
import { lateness, type Hindrance } from './lateness';
import { jobRetriesTotal } from './service-metrics';

/** No statement of a step and no answer of a broker takes this long: the step hangs, and only a new start helps. */
const STUCK_MS = 120_000;
/** A step that shows no progress for so long is reported. */
const LATE_MS = 20_000;
/** What fails once succeeds at the next tick or the one after it. */
const FAILING_MS = 10_000;

/** The jobs of this process, for {@link TickJobs}, health routes and metrics. */
export const jobs = new Set<RepeatedJob>();

/**
 * Does a bounded piece of the work of a job; true when there may be more. One that is made of several pieces calls
 * `progress` after each: none may take longer than a statement may.
 */
type Step = (progress: () => void) => Promise<boolean>;

interface Repetition {
  /** From tick to tick; 1 by default. */
  everySeconds?: number;
  /** Whether a stop waits for the step in hand, which it does by default. */
  isAwaited?: boolean;
}

/** Begins a background job, which {@link TickJobs} goes on with until the process stops. */
export function repeat(name: string, step: Step, repetition?: Repetition): void {
  jobs.add(new RepeatedJob(name, step, repetition));
}

/**
 * Work of a background job, done in steps, when it is ticked. Steps never overlap; a step that fails is tried again at
 * the next tick, since what it needs may be down.
 */
export class RepeatedJob {
  readonly everySeconds: number;
  private readonly isAwaited: boolean;
  private readonly logger: Logger;
  private readonly log = new WaitLog();
  private running?: Promise<void>;
  private stopping = false;
  /** When the step in hand has last shown progress. */
  private lastSign?: number;
  /** The error of the last step, and since when all have failed. */
  private failure?: { since: number; judgement: Judgement };

  constructor(
    readonly name: string,
    private readonly step: Step,
    { everySeconds = 1, isAwaited = true }: Repetition = {},
  ) {
    this.everySeconds = everySeconds;
    this.isAwaited = isAwaited;
    this.logger = new Logger(name);
    jobRetriesTotal.inc({ job_name: name }, 0);
  }

  /** Runs steps until there is no more to do, unless they are running already. */
  async tick(): Promise<void> {
    if (this.running) {
      this.reportLateness();
    } else if (!this.stopping) {
      this.running = this.runSteps().finally(() => (this.running = undefined));
      await this.running;
    }
  }

  /** Begins no other step, and lets the one in hand finish. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.isAwaited) {
      await this.running;
    }
  }

  /** What keeps the job from its work, if anything does. */
  notReady(): Hindrance | undefined {
    const { failure } = this;
    if (failure && performance.now() - failure.since > FAILING_MS) {
      return failure.judgement;
    }
    return this.silence() > LATE_MS ? lateness(`the job ${this.name}`) : undefined;
  }

  /** Why only a new start of the process may help, if so. */
  notAlive(): string | undefined {
    const { failure } = this;
    if (failure?.judgement.verdict === 'defect' && performance.now() - failure.since > FAILING_MS) {
      return `${this.name}: ${failure.judgement.reason}`;
    }
    const silence = this.silence();
    return silence > STUCK_MS ? `${this.name}: no progress for ${Math.round(silence / 1000)} s` : undefined;
  }

  /** For how many seconds the job has done nothing but fail or hang; 0 when it is well. */
  secondsHindered(): number {
    const since = this.failure?.since ?? (this.silence() > LATE_MS ? this.lastSign : undefined);
    return since === undefined ? 0 : (performance.now() - since) / 1000;
  }

  private silence(): number {
    return this.lastSign === undefined ? 0 : performance.now() - this.lastSign;
  }

  private async runSteps(): Promise<void> {
    const progress = () => {
      this.lastSign = performance.now();
    };
    try {
      for (let isMore = true; isMore && !this.stopping;) {
        progress();
        isMore = await this.step(progress);
        this.failure = undefined;
      }
    } catch (error) {
      this.fail(judge(error));
    } finally {
      this.lastSign = undefined;
    }
  }

  private fail(judgement: Judgement): void {
    jobRetriesTotal.inc({ job_name: this.name });
    this.failure = { since: this.failure?.since ?? performance.now(), judgement };
    if (!this.stopping && this.log.isDue(judgement.reason)) {
      this.logger.warn(`tries again: ${judgement.reason}`);
    }
  }

  private reportLateness(): void {
    const hindrance = this.silence() > LATE_MS ? lateness(`the job ${this.name}`) : undefined;
    if (hindrance && this.log.isDue(hindrance.reason)) {
      this.logger.warn(`waiting: ${hindrance.reason}`);
    }
  }
}
