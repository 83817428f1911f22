import { rowDifferences } from './differences';
import type { Expected, ExpectedOutput } from './expected';
import { headerListOf, type HeaderList, type PlacedMessage } from './history';
import { canonicalJson, member, parseJson, plainDecimal } from './json';
import { RowSet, type Row } from './rows';

/**
 * An output may be there several times, always with the same key and value; messages of one key are in one partition.
 */
export function outputDifferences(
  name: string,
  expected: Map<string, ExpectedOutput>,
  actual: PlacedMessage[],
): string[] {
  const rows = new RowSet();
  const partitions = new Map<string, Set<number>>();
  for (const { partition, key, value } of actual) {
    const row = {
      version: versionOf(value!),
      key: key!.toString(),
      value: canonicalJson(parseJson(value!.toString()).value),
    };
    rows.add(row);
    partitions.set(row.key, (partitions.get(row.key) ?? new Set()).add(partition));
  }
  const wanted = Array.from(expected, ([version, output]) => ({ version, ...output }));
  const scattered = [...partitions].filter(([, places]) => places.size > 1);
  return [
    ...rowDifferences(name, ['version'], wanted, rows.rows()),
    ...scattered.map(([key]) => `${name}: the messages of key ${key} are in several partitions`),
  ];
}

/** So many headers of a dead letter say why it is one; they come behind those of the message. */
const REASONS = 17;

/** Each dead letter once, with key, value and headers of the message and its reason; `dlq.message` says something. */
export function deadLetterDifferences(
  topic: string,
  expected: Expected['deadLetters'],
  actual: PlacedMessage[],
): string[] {
  return rowDifferences(
    'dead letter',
    ['place'],
    expected.map(({ message, reason }) => ({
      place: `${topic}/${message.partition}/${message.offset}`,
      reason,
      service: 'stg',
      explained: 'true',
      ...contentRow(message, headerListOf(message)),
    })),
    actual.map((letter) => {
      const headers = headerListOf(letter);
      const original = headers.slice(0, -REASONS);
      const own = new Map(headers.slice(-REASONS).map(([name, value]) => [String(name), String(value)]));
      const time = Date.parse(own.get('dlq.timestamp') ?? '');
      return {
        place: `${own.get('dlq.topic')}/${own.get('dlq.partition')}/${own.get('dlq.offset')}`,
        reason: own.get('dlq.reason') ?? null,
        service: own.get('dlq.service') ?? null,
        explained: String(Boolean(own.get('dlq.message')) && !Number.isNaN(time)),
        ...contentRow(letter, original),
      };
    }),
  );
}

function contentRow({ key, value, timestamp }: PlacedMessage, headers: HeaderList): Row {
  return {
    timestamp,
    key: key?.toString('hex') ?? null,
    value: value?.toString('latin1') ?? null,
    headers: headers
      .map(([name, text]) => `${String(name)}: ${text === null ? 'none' : Buffer.from(text).toString('hex')}`)
      .join('; '),
  };
}

/** `OBJECT_ID ORDER_VERSION` of a message of an output topic. */
export function versionOf(value: Buffer): string {
  const { value: message } = parseJson(value.toString());
  const version = member(member(message, 'payload'), 'order_version');
  return `${plainDecimal(member(message, 'object_id')!.text)} ${version?.type === 'string' ? version.value : ''}`;
}
