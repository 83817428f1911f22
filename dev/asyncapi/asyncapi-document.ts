import { readFileSync } from 'node:fs';
import { connectStages } from '@app/contracts/dead-letter.contract';
import { refusalReasons } from '@app/contracts/refusal-reasons';
import { encodeJson } from '@app/values/json-text';
import { SourceOrder } from '@app/contracts/source-order.contract';
import { sourceOrder } from '@app/contracts/source-order-example';
import { StagedOrder } from '@app/contracts/staged-order.contract';
import { stagedOrder } from '@app/contracts/staged-order-example';
import { UserTagEvent } from '@app/contracts/user-tag-event.contract';
import { userTagEvent } from '@app/contracts/user-tag-event-example';
import { VaultOrder } from '@app/contracts/vault-order.contract';
import { vaultOrder } from '@app/contracts/vault-order-example';
import type { ServiceEnvironment } from '@app/service/environment';
import { CdmEnvironment } from '../../apps/cdm/src/environment/cdm.environment';
import { DdsEnvironment } from '../../apps/dds/src/environment/dds.environment';
import { StgEnvironment } from '../../apps/stg/src/environment/stg.environment';
import { formatPage } from '../data-model/format-page';
import { defaultPartitions, topicTable, type TopicSettings } from '../../ops/topics/topic-table';
import { contractSchemas } from './contract-schemas';
import { docstringsOf } from './docstrings';
import { ref, type Schema } from './rule-schemas';

const BINDING = '0.5.0';

const services: Record<string, ServiceEnvironment> = {
  stg: new StgEnvironment(),
  dds: new DdsEnvironment(),
  cdm: new CdmEnvironment(),
};

const docstrings = new Map(
  ['source-order', 'staged-order', 'vault-order', 'user-tag-event', 'dead-letter'].flatMap((contract) => [
    ...docstringsOf(`${contract}.contract.ts`),
  ]),
);

/** The messages that have a contract, by the topic that carries them. */
const contracts = {
  [services.stg!.SOURCE_TOPIC]: {
    contract: SourceOrder,
    key: { type: 'null', description: 'The source gives none' },
    example: sourceOrder(),
    more:
      'Other messages are skipped: JSON objects whose object_type is not "order", or that have no payload. ' +
      'The source alone writes here.',
  },
  [services.stg!.OUTPUT_TOPIC]: {
    contract: StagedOrder,
    key: { description: 'Id of the user at the source', allOf: [ref('Key')] },
    example: stagedOrder(),
    more: 'A message may come again, and an older version after a newer one: see docs/contracts.md.',
  },
  [services.dds!.OUTPUT_TOPIC]: {
    contract: VaultOrder,
    key: { description: 'Hash key of the user', allOf: [ref('HashKey')] },
    example: vaultOrder(),
    more: 'A message may come again, and an older version after a newer one: see docs/contracts.md.',
  },
  [services.cdm!.OUTPUT_TOPIC]: {
    contract: UserTagEvent,
    key: { description: 'Hash key of the user', allOf: [ref('HashKey')] },
    example: userTagEvent(),
    more: 'An event may come again, with the same event_id and event_number.',
  },
};

/** What docs/asyncapi.json has to be, as the formatter of the repository writes it. */
export async function asyncapiText(): Promise<string> {
  return formatPage(encodeJson(asyncapiDocument()), 'json');
}

function asyncapiDocument(): object {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Order Vault',
      version,
      description:
        'All topics that the three services read and write, for developers of a consumer. Messages grow: members are added, never ' +
        'removed or renamed. Values are UTF-8, without a byte order mark, and have neither NUL characters nor lone surrogates. Times ' +
        'of orders carry no zone and are meant in the zone of the source. The names are those of the topics unless an operator chose ' +
        'others.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topicTable.map((settings) => [settings.topic, channel(settings)])),
    operations: Object.assign({}, ...Object.entries(services).map(operations)),
    components: {
      messages: {
        ...Object.fromEntries(
          Object.values(contracts).map((message) => [message.contract.name, orderMessage(message)]),
        ),
        DeadLetter: deadLetter(),
      },
      schemas: {
        ...contractSchemas(
          Object.values(contracts).map(({ contract }) => contract),
          docstrings,
        ),
        DeadLetterHeaders: deadLetterHeaders(),
        TraceHeaders: traceHeaders,
        ConnectErrorHeaders: connectErrorHeaders(),
      },
    },
  };
}

/** @throws where a topic of the table carries nothing that is known here */
function channel({ topic, configuration }: TopicSettings): object {
  const message = messageOf(topic);
  const [service] =
    Object.entries(services).find(([, { DEAD_LETTER_TOPIC }]) => DEAD_LETTER_TOPIC === topic) ?? [];
  const description =
    contracts[topic]?.more ??
    (service && `What ${service} refused. A dead letter may come again, with the same place.`);
  if (description === undefined) {
    throw new Error(`The topic ${topic} has no message: add it to contracts.`);
  }
  return {
    address: topic,
    description,
    messages: { [message]: { $ref: `#/components/messages/${message}` } },
    bindings: {
      kafka: {
        topic,
        partitions: defaultPartitions,
        topicConfiguration: configuration,
        bindingVersion: BINDING,
      },
    },
  };
}

function messageOf(topic: string): string {
  return contracts[topic]?.contract.name ?? 'DeadLetter';
}

/** What a service does: one operation for each of its topics. */
function operations([service, environment]: [string, ServiceEnvironment]): object {
  const { SOURCE_TOPIC, OUTPUT_TOPIC, DEAD_LETTER_TOPIC, KAFKA_GROUP_ID } = environment;
  const operation = (action: 'send' | 'receive', topic: string) => ({
    action,
    channel: { $ref: `#/channels/${topic}` },
    messages: [{ $ref: `#/channels/${topic}/messages/${messageOf(topic)}` }],
  });
  const groupId = { type: 'string', const: KAFKA_GROUP_ID };
  return {
    [`${service}-reads`]: {
      ...operation('receive', SOURCE_TOPIC),
      bindings: { kafka: { groupId, bindingVersion: BINDING } },
    },
    [`${service}-sends`]: operation('send', OUTPUT_TOPIC),
    [`${service}-refuses`]: operation('send', DEAD_LETTER_TOPIC),
  };
}

function orderMessage({ contract, key, example }: (typeof contracts)[string]): object {
  return {
    name: contract.name,
    summary: docstrings.get(contract.name),
    ...(contract !== UserTagEvent && { headers: ref('TraceHeaders') }),
    payload: ref(contract.name),
    bindings: { kafka: { key, bindingVersion: BINDING } },
    examples: [{ payload: example }],
  };
}

function deadLetter(): object {
  return {
    name: 'DeadLetter',
    summary: 'A message that can never be used, with key, value, headers and timestamp as they came',
    contentType: 'application/octet-stream',
    headers: ref('DeadLetterHeaders'),
    payload: { description: 'Any bytes, or none: the value as it came' },
    examples: [
      {
        headers: {
          'dlq.reason': 'invalid_message',
          'dlq.message': 'payload.order_items[0].quantity must be a whole number from 1, got 0',
          'dlq.topic': services.stg!.SOURCE_TOPIC,
          'dlq.partition': '3',
          'dlq.offset': '4711',
          'dlq.timestamp': '2023-08-12T06:07:16.004Z',
          'dlq.service': 'stg',
        },
        payload: '{"object_id":2301365,"object_type":"order",…}',
      },
    ],
  };
}

const traceHeaders: Schema = {
  type: 'object',
  description:
    'Of an order that is traced, by W3C Trace Context; others have neither. stg reads them of the source, and goes on with the trace.',
  properties: { traceparent: { type: 'string' }, tracestate: { type: 'string', maxLength: 512 } },
};

/** All are text. Others, which the message came with, may stand beside them. */
function deadLetterHeaders(): Schema {
  const text = { type: 'string' };
  const place = { ...text, pattern: '^(-1|0|[1-9]\\d*)$' };
  const headers: Record<string, Schema> = {
    'dlq.reason': {
      oneOf: Object.entries(refusalReasons).map(([code, { meaning }]) => ({
        const: code,
        description: meaning,
      })),
    },
    'dlq.message': { ...text, maxLength: 1_000 },
    'dlq.topic': { ...text, minLength: 1 },
    'dlq.partition': place,
    'dlq.offset': place,
    'dlq.timestamp': ref('UtcTime'),
    'dlq.service': { ...text, enum: Object.keys(services) },
    'dlq.altered': { ...text, pattern: '^(timestamp|key|value|headers)(,(timestamp|key|value|headers))*$' },
    'dlq.original_timestamp': { ...text, pattern: '^(0|-?[1-9]\\d*)$' },
  };
  const optional = ['dlq.altered', 'dlq.original_timestamp'];
  return {
    type: 'object',
    description: docstrings.get('DeadLetterHeaders'),
    required: Object.keys(headers).filter((name) => !optional.includes(name)),
    properties: described('DeadLetterHeaders', headers),
    allOf: [ref('ConnectErrorHeaders')],
  };
}

/** For tools that show the dead letters of Kafka Connect. Any of them may be absent. */
function connectErrorHeaders(): Schema {
  const text = { type: 'string' };
  const headers: Record<string, Schema> = {
    topic: text,
    partition: text,
    offset: text,
    'connector.name': { ...text, enum: Object.keys(services).map((service) => `order-vault-${service}`) },
    'task.id': { ...text, const: '0' },
    stage: { ...text, enum: connectStages },
    'class.name': text,
    'exception.class.name': { ...text, enum: Object.keys(refusalReasons) },
    'exception.message': text,
    'exception.stacktrace': text,
  };
  const named = Object.entries(headers).map(([name, schema]) => [`__connect.errors.${name}`, schema]);
  return {
    type: 'object',
    description: docstrings.get('ConnectErrorHeaders'),
    properties: described('ConnectErrorHeaders', Object.fromEntries(named)),
  };
}

/** The schemas of headers with what the contract says of each. */
function described(contract: string, headers: Record<string, Schema>): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, schema]) => {
      const description = docstrings.get(`${contract}.${name}`);
      return [name, '$ref' in schema ? { description, allOf: [schema] } : { description, ...schema }];
    }),
  );
}
