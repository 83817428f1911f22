import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/**
 * So many different messages in a row PostgreSQL may refuse for one SQLSTATE, with none stored between, and they count as bad. One more,
 * and the database counts as the cause. See decision 0021.
 */
const MOST_REFUSED = 3;

/** Which messages PostgreSQL refused since it last stored one, by SQLSTATE: the batches of all partitions and the jobs write it. */
@Injectable()
export class Refusals {
  private readonly contents = new Map<string, Set<string>>();
  /** Grows whenever messages are stored. */
  evidence = 0;

  /** The database stores messages, so what it refuses besides is bad. */
  stored(): void {
    this.evidence += 1;
    this.contents.clear();
  }

  /**
   * Notes messages that were refused one by one.
   * @param state the SQLSTATE
   * @returns whether the database has to be blamed rather than the messages
   */
  blameDatabase(state: string, values: readonly (Buffer | null)[]): boolean {
    const contents = this.contents.get(state) ?? new Set();
    this.contents.set(state, contents);
    for (const value of values) {
      contents.add(value === null ? '' : hash('sha256', value));
    }
    return contents.size > MOST_REFUSED;
  }
}

/** PostgreSQL refuses different messages for one SQLSTATE, and stores none: something is wrong with a table or a trigger. */
export class DatabaseRefusesAll extends Error {
  /** @param reason what PostgreSQL said last, in words that may stand in logs */
  constructor(reason: string) {
    super(
      `PostgreSQL refuses every message, and stores none: ${reason}. The messages are kept; look at constraints, triggers and ` +
        `sequences of the database`,
    );
  }
}
