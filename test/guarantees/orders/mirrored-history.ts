import type { Random } from '../../history/random';
import type { Pipeline } from '../../harness/pipeline';
import type { SentMessage, StoredMessage } from '../../harness/scratch-topics';
import { expectedOf } from '../../oracle/expected';
import type { Step } from '../../oracle/history';
import { deadLetterDifferences, outputDifferences } from '../../oracle/message-differences';
import { differencesWithTags } from '../tags/tag-differences';

const SOURCE = 'order-service_orders';

/** What happens to a pipeline, and to the oracle alike. */
export class MirroredHistory {
  private readonly steps: Step[] = [];

  /** @param random sends as other people's producers do, as it falls; plainly without it */
  constructor(
    private readonly pipeline: Pipeline,
    private readonly random?: Random,
  ) {}

  /** Changes the dictionary, then sends the messages, then waits until there is nothing left to do. */
  async step(
    {
      dictionary = {},
      messages = [],
    }: { dictionary?: Record<string, string | null>; messages?: (SentMessage | string)[] },
    milliseconds?: number,
  ): Promise<StoredMessage[]> {
    await this.pipeline.dictionary.put(dictionary);
    const sent = await this.pipeline.sendOrders(
      messages.map((message) => (typeof message === 'string' ? { value: message } : message)),
      { random: this.random },
    );
    this.note(dictionary, sent);
    await this.pipeline.settled(milliseconds);
    return sent;
  }

  /** Notes for the oracle something that the test did itself. */
  note(dictionary: Record<string, string | null>, messages: StoredMessage[]): void {
    this.steps.push({ dictionary, messages });
  }

  /**
   * Where tables and topics are not as they must be, a line each.
   * @param ahead by how many milliseconds the clock of cdm is ahead
   */
  async differences(ahead = 0): Promise<string[]> {
    const { database, topics } = this.pipeline;
    const entries = await database.rows<{ entry_pk: string; seen: string }>(
      `SELECT entry_pk, to_char(valid_from, 'YYYY-MM-DD HH24:MI:SS.US') AS seen FROM stg.dictionary_entries`,
    );
    const seen = new Map(entries.map((entry) => [entry.entry_pk, entry.seen]));
    const expected = expectedOf(topics.name(SOURCE), this.steps, (pk) => seen.get(pk) ?? 'never');
    return [
      ...(await differencesWithTags(this.pipeline, expected.tables, ahead)),
      ...outputDifferences(
        'stg-service-orders',
        expected.stagedOrders,
        await topics.read('stg-service-orders'),
      ),
      ...outputDifferences(
        'dds-service-orders',
        expected.vaultOrders,
        await topics.read('dds-service-orders'),
      ),
      ...deadLetterDifferences(
        topics.name(SOURCE),
        expected.deadLetters,
        await topics.read('stg-service-dlq'),
      ),
    ];
  }
}
