import { hashKey } from './hash-key';
import { headerListOf, type FirstSeen, type HeaderList, type PlacedMessage, type Step } from './history';
import { marts, newestVersions } from './marts';
import { stagedOrder, vaultOrder } from './output-messages';
import type { Row, Tables } from './rows';
import { shortTime } from './source-time';
import { stage, type Staging, type Version } from './staging';
import { vault } from './vault';

/** What a message of `dds-service-orders` may take, as `npm run topics` creates the topic. */
const VAULT_LIMIT = 4 * 1024 * 1024;

/** A message of an output topic: at least once, and the same each time. */
export interface ExpectedOutput {
  key: string;
  /** As `canonicalJson` writes it. */
  value: string;
}

export interface Expected {
  tables: Tables;
  /** The versions that vault and marts have. */
  loaded: Required<Version>[];
  /** By order and version. */
  stagedOrders: Map<string, ExpectedOutput>;
  vaultOrders: Map<string, ExpectedOutput>;
  /** Of stg, once each. */
  deadLetters: { message: PlacedMessage; reason: string }[];
  /** Of dds: reason by order and version. */
  vaultDeadLetters: Map<string, string>;
}

/**
 * What tables and topics hold when all steps are over.
 * @param topic the name of the source topic
 */
export function expectedOf(
  topic: string,
  steps: Step[],
  firstSeen: FirstSeen = (pk) => {
    throw new Error(`it is not known when the entry ${pk}, which has no time, was first seen`);
  },
): Expected {
  const staging = stage(steps, firstSeen);
  const sent = [...staging.versions.values()].filter(
    (version): version is Required<Version> => version.enrichment !== undefined,
  );
  const stagedOrders = new Map<string, ExpectedOutput>();
  const vaultOrders = new Map<string, ExpectedOutput>();
  const vaultDeadLetters = new Map<string, string>();
  const loaded = sent.filter(({ order, enrichment }) => {
    const id = `${order.orderId} ${order.version}`;
    stagedOrders.set(id, { key: order.userId, value: stagedOrder(order, enrichment) });
    const output = vaultOrder(order, enrichment);
    if (Buffer.byteLength(output) > VAULT_LIMIT) {
      vaultDeadLetters.set(id, 'message_too_large');
      return false;
    }
    vaultOrders.set(id, { key: hashKey('h_user', order.userId), value: output });
    return true;
  });
  return {
    tables: { ...stagingTables(topic, staging), ...vault(loaded), ...marts(loaded) },
    loaded,
    stagedOrders,
    vaultOrders,
    deadLetters: staging.deadLetters,
    vaultDeadLetters,
  };
}

function stagingTables(topic: string, { entries, versions, skipped }: Staging): Tables {
  const all = [...versions.values()];
  const newest = new Set(newestVersions(all));
  return {
    'stg.dictionary_entries': entries.map(({ pk, kind, key, text, validFrom, timed }) => ({
      entry_pk: pk,
      entry_kind: kind,
      entry_key: key,
      valid_from: shortTime(validFrom),
      timed: String(timed),
      entry: text,
    })),
    'stg.order_events': Array.from(newest, (version) => storedVersion(topic, version)),
    'stg.superseded_order_events': all
      .filter((version) => !newest.has(version))
      .map((version) => storedVersion(topic, version)),
    'stg.pending_orders': all
      .filter(({ enrichment, tooLarge }) => !enrichment && !tooLarge)
      .map((version) => pendingOrder(topic, version)),
    'stg.skipped_messages': skipped.map(({ message, objectType }) => ({
      topic,
      partition: String(message.partition),
      message_offset: message.offset,
      object_type: objectType,
    })),
  };
}

function storedVersion(topic: string, { order, messages, enrichment }: Version): Row {
  const earlier = (enrichment?.dishes ?? [])
    .map(({ entry }, place) => ({ id: order.lines[place]!.id, entry }))
    .filter(({ entry }) => entry !== enrichment!.restaurant)
    .map(({ id, entry }) => `${id} ${entry.pk}`);
  return {
    object_id: order.orderId,
    object_type: 'order',
    sent_dttm: shortTime(order.sentDttm),
    payload: order.payloadText,
    order_version: order.version,
    user_entry_pk: enrichment?.user.pk ?? null,
    restaurant_entry_pk: enrichment?.restaurant.pk ?? null,
    earlier_menus: earlier.length > 0 ? eachOnce(earlier).join(', ') : null,
    place: placeOf(topic, messages),
  };
}

/** Of several copies of a message, the one that is kept may be any: which came first depends on partitions. */
function oneOf(cells: string[]): Row[string] {
  return eachOnce(cells).length === 1 ? cells[0]! : { oneOf: eachOnce(cells) };
}

function placeOf(topic: string, messages: Version['messages']): Row[string] {
  return oneOf(messages.map(({ partition, offset }) => `${topic}/${partition}/${offset}`));
}

function pendingOrder(topic: string, { order, messages, missing }: Version): Row {
  return {
    object_id: order.orderId,
    order_version: order.version,
    missing: eachOnce(
      missing.map(({ kind, id, restaurant_id }) => [kind, id, restaurant_id].filter(Boolean).join(' ')),
    ).join(', '),
    released: 'false',
    place: placeOf(topic, messages),
    message_key: oneOf(messages.map(({ key }) => key?.toString('hex') ?? 'none')),
    message_value: messages[0]!.value!.toString(),
    message_headers: oneOf(messages.map((message) => headersText(headerListOf(message)))),
    message_header_list: oneOf(messages.map((message) => headerListText(headerListOf(message)))),
  };
}

const base64 = (value: Buffer | string) => Buffer.from(value).toString('base64');

function headerListText(headers: HeaderList): string {
  return headers
    .map(([name, value]) => `${base64(name)}: ${value === null ? 'none' : base64(value)}`)
    .join('; ');
}

function headersText(headers: HeaderList): string {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    values.set(String(name), [...(values.get(String(name)) ?? []), base64(value ?? '')]);
  }
  return eachOnce(Array.from(values, ([name, texts]) => `${name}: ${texts.join(', ')}`)).join('; ');
}

/** Sorted byte for byte. */
function eachOnce(texts: string[]): string[] {
  return [...new Set(texts)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
