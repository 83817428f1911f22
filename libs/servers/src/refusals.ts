import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/**
 * So many different messages in a row a server may refuse for one reason, with none taken between, and they count as
 * bad. One more, and the server counts as the cause. See decision 0021.
 */
const MOST_REFUSED = 3;

/**
 * Which messages a server refused since it last took one, by reason. PostgreSQL, by SQLSTATE: the batches of all
 * partitions and the jobs write it. A topic, by error of Kafka: its publisher does.
 */
@Injectable()
export class Refusals {
  private readonly contents = new Map<string, Set<string>>();
  /** Grows whenever messages are taken. */
  evidence = 0;

  /** The server takes messages, so what it refuses besides is bad. */
  taken(): void {
    this.evidence += 1;
    this.contents.clear();
  }

  /**
   * Notes messages that were refused one by one.
   * @returns whether they are so many that the server is to blame, and not the messages
   */
  areTooMany(reason: string, values: readonly (Buffer | null)[]): boolean {
    const contents = this.contents.get(reason) ?? new Set();
    this.contents.set(reason, contents);
    for (const value of values) {
      contents.add(value === null ? '' : hash('sha256', value));
    }
    return contents.size > MOST_REFUSED;
  }
}
