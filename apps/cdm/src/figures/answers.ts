import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { encodeJson } from '@app/values/json-text';
import { reasonOf } from '@app/servers/reason-of';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { CountedStates, type CountedState } from './counted-state';

/** Characters of answers that are kept. */
const KEPT_CHARACTERS = 8_000_000;
/** So long who asks waits for the newest answer where an older one is kept, in milliseconds. */
const PATIENCE_MS = 40;
/** An answer that is older, and no longer true, is not given any more. */
const OUTDATED_MS = 60_000;

/** An answer as JSON, and which orders it is about. */
export interface Answer {
  json: string;
  state: CountedState;
}

interface KeptAnswer extends Answer {
  readAt: number;
}

/**
 * Keeps answers for as long as no orders are counted. Where some were, the answer is computed again, once for all
 * requests of the same time; a request that does not wait for it gets the one before, which says of when it is.
 */
@Injectable()
export class Answers {
  private readonly logger = new Logger('answers');
  private readonly kept = new LRUCache<string, KeptAnswer>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: ({ json }, key) => json.length + key.length,
  });
  private readonly computing = new Map<string, Promise<KeptAnswer>>();

  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly states: CountedStates,
  ) {
    warehouse.onOtherDatabase(() => this.kept.clear());
  }

  /**
   * @param question what is asked, all of it: equal texts have equal answers
   * @param compute reads the answer from the marts
   */
  async answer(
    question: string,
    compute: (client: Client, state: CountedState) => Promise<unknown>,
  ): Promise<Answer> {
    const state = await this.states.read();
    const kept = this.kept.get(question);
    if (kept?.state.batches === state.batches) {
      return kept;
    }
    const newer = this.newer(question, state, compute);
    if (!kept || performance.now() - kept.readAt > OUTDATED_MS) {
      return newer;
    }
    const older = pause(PATIENCE_MS, kept);
    return Promise.race([newer, older]);
  }

  /** For what changes without an order. Requests that come while it is read get the same answer. */
  async answerAnew(question: string, compute: (client: Client) => Promise<unknown>): Promise<Answer> {
    return this.newer(question, await this.states.read(), compute);
  }

  /**
   * What is read may hold more orders than the state says, never fewer: the state was asked before. A question that is
   * being answered is not asked once more, however many orders have been counted since: else heavy ones would pile up.
   */
  private newer(
    question: string,
    state: CountedState,
    compute: (client: Client, state: CountedState) => Promise<unknown>,
  ): Promise<KeptAnswer> {
    const computing =
      this.computing.get(question) ??
      this.warehouse
        .read((client) => compute(client, state))
        .then((answer) => {
          const kept = { json: encodeJson(answer), state, readAt: performance.now() };
          this.kept.set(question, kept);
          return kept;
        })
        .finally(() => this.computing.delete(question));
    this.computing.set(question, computing);
    // Nobody may wait for it any more.
    computing.catch((error: unknown) => this.logger.debug(`no newer answer: ${reasonOf(error)}`));
    return computing;
  }
}
