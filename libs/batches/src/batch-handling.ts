import { reasonOf } from '@app/servers/reason-of';
import type { Refusals } from '@app/servers/refusals';
import type { Judge } from '@app/servers/verdict';
import { DatabaseRefusesAll } from './database-refuses-all';
import { Abandoned, type Hold } from './hold';
import type { BatchHandler, KafkaRecord, Outcome } from './outcome';
import type { PositionComparison } from './position-comparison';

/**
 * While the database refuses everything, a batch is read again after so many tries: what came behind it may be stored.
 */
const TRIES_BEFORE_READING_AGAIN = 10;

interface RefusedRecord {
  record: KafkaRecord;
  /** The SQLSTATE. */
  state: string;
  /** In words that may stand in logs. */
  reason: string;
}

/**
 * Takes one batch through its handler: repeats it, waits, halves it down to the messages that are to blame, and doubts
 * that they are.
 */
export class BatchHandling {
  /** The messages that PostgreSQL refused one by one. */
  private refused: RefusedRecord[] = [];

  constructor(
    private readonly handler: BatchHandler,
    private readonly hold: Hold,
    private readonly comparison: PositionComparison,
    private readonly refusals: Refusals,
    private readonly judge: Judge,
  ) {}

  /**
   * One a record, in their order, when all effects are durable. The handler gets what could be read.
   * @throws Abandoned
   */
  async outcomes(records: KafkaRecord[]): Promise<Outcome[]> {
    const read = records.filter(({ refused }) => !refused);
    const outcomes = read.length > 0 ? await this.believedOutcomes(read) : [];
    return records.map(({ refused }) => refused ?? outcomes.shift()!);
  }

  /**
   * The outcomes of a batch, unless the database is to blame for what it refused: then the batch waits, and no message
   * becomes a dead letter. Many messages are to blame only where they are refused once more after one is stored: what
   * was refused before that, the database may have been to blame for, and have been mended since.
   */
  private async believedOutcomes(records: KafkaRecord[]): Promise<Outcome[]> {
    const { evidence } = this.refusals;
    for (;;) {
      const isTriedAgain = this.refusals.evidence !== evidence;
      this.refused = [];
      const outcomes = await this.outcomesOf(records);
      const doubtful = isTriedAgain ? undefined : this.doubtful();
      if (!doubtful) {
        return outcomes;
      }
      await this.untilOneIsStored(doubtful, evidence);
    }
  }

  /** One of the refused messages where the database has to be blamed for them. */
  private doubtful(): RefusedRecord | undefined {
    const states = new Set(this.refused.map(({ state }) => state));
    for (const state of states) {
      const ofState = this.refused.filter((one) => one.state === state);
      const values = ofState.map(({ record }) => record.value);
      if (this.refusals.areTooMany(state, values)) {
        return ofState[0];
      }
    }
    return undefined;
  }

  /**
   * Tries one of the refused messages once a second, until a message is stored, of this batch or another.
   * @param evidence what there was before the messages were refused
   * @throws Abandoned after a while, so that the batch is read again with what has come behind it
   */
  private async untilOneIsStored({ record, reason }: RefusedRecord, evidence: number): Promise<void> {
    const refusal = new DatabaseRefusesAll(reason);
    for (let tries = 1; this.refusals.evidence === evidence; tries += 1) {
      await this.hold.wait(refusal, { verdict: 'wait', server: 'postgresql', reason: refusal.message });
      if (tries === TRIES_BEFORE_READING_AGAIN) {
        throw new Abandoned();
      }
      try {
        this.noteStored(await this.handler([record]));
      } catch (error) {
        if (!['condemn', 'forget'].includes(this.judge(error).verdict)) {
          return;
        }
      }
    }
  }

  private noteStored(outcomes: Outcome[]): void {
    if (outcomes.some(({ kind }) => kind === 'processed' || kind === 'parked')) {
      this.refusals.taken();
    }
  }

  private async outcomesOf(records: KafkaRecord[]): Promise<Outcome[]> {
    for (let forgotten = false; ;) {
      await this.comparison.begin(records[0]!, this.hold);
      try {
        const outcomes = await this.handler(records);
        this.hold.progress.step();
        this.noteStored(outcomes);
        return outcomes;
      } catch (error) {
        const judgement = this.judge(error);
        const { verdict } = judgement;
        if (verdict === 'defect' || verdict === 'wait') {
          await this.hold.wait(error, judgement);
          continue;
        }
        this.hold.reportRepeat(error, records, verdict);
        if (verdict === 'condemn' || (verdict === 'forget' && forgotten)) {
          return this.halve(records, error);
        }
        forgotten ||= verdict === 'forget';
      }
    }
  }

  /**
   * PostgreSQL refused some message of the batch: each half is a batch of its own, down to the one message that is to
   * blame.
   */
  private async halve(records: KafkaRecord[], error: unknown): Promise<Outcome[]> {
    this.hold.progress.step();
    const [record] = records;
    if (records.length === 1) {
      const { code, message } = error as { code: string; message: string };
      this.refused.push({ record: record!, state: code, reason: reasonOf(error) });
      return [{ kind: 'refused', reason: 'database_refused', message }];
    }
    const middle = Math.ceil(records.length / 2);
    const first = await this.outcomesOf(records.slice(0, middle));
    const second = await this.outcomesOf(records.slice(middle));
    return [...first, ...second];
  }
}
