import { KafkaJSConnectionError, KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { isCausedBy, refusalOf } from './kafka-refusal';

const retries = { retryCount: 5, retryTime: 100 };

describe('refusalOf', () => {
  it.each([
    [
      'SASL SCRAM SHA512 authentication failed: invalid credentials with SASL mechanism SCRAM-SHA-512',
      'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
      true,
    ],
    ['Not authorized to access group: Group authorization failed', 'the rights of KAFKA_SASL_USERNAME', true],
    ['Connection error: self-signed certificate in certificate chain', 'KAFKA_SSL and KAFKA_SSL_CA', true],
    [
      "Connection error: Hostname/IP does not match certificate's altnames: IP: 10.0.0.1 is not in the cert's list: ",
      'KAFKA_SSL and KAFKA_SSL_CA',
      true,
    ],
    ['Connection error: connect ECONNREFUSED 127.0.0.1:9092', 'KAFKA_BROKERS and KAFKA_SSL', false],
    [
      'The group coordinator is not available',
      'the brokers that are away, and min.insync.replicas of __consumer_offsets',
      false,
    ],
    ['Failed to find group coordinator', 'KAFKA_BROKERS and the rights of KAFKA_SASL_USERNAME', false],
    [
      "The group member's supported protocols are incompatible with those of existing members",
      'KAFKA_GROUP_ID, which a client of another kind uses too',
      true,
    ],
    [
      'sasl-orders/3: There is no leader for this topic-partition as we are in the middle of a leadership election',
      'the brokers that are away',
      false,
    ],
    [
      'orders/3: not all in-sync replicas have acknowledged within 15 s',
      'the brokers that are away, and min.insync.replicas of the topic',
      false,
    ],
    ['Connection timeout', 'KAFKA_BROKERS and KAFKA_SSL', false],
    [
      'This server does not host this topic-partition',
      'SOURCE_TOPIC, OUTPUT_TOPIC and DEAD_LETTER_TOPIC',
      false,
    ],
  ])('%s', (reason, variables, isFinal) => {
    const error = new KafkaJSNumberOfRetriesExceeded(new KafkaJSConnectionError(reason), retries);
    expect(refusalOf(error)).toEqual({
      message: `Kafka cannot be used, see ${variables}: ${reason}`,
      isFinal,
    });
  });

  it('leaves an error as it is that is none of Kafka', () => {
    const refusal = { message: 'missing topics: orders', isFinal: false };
    expect(refusalOf(new Error('missing topics: orders'))).toEqual(refusal);
  });
});

describe('isCausedBy', () => {
  it('finds an error inside those that wrap it', () => {
    const inner = new KafkaJSConnectionError('down');
    const outer = Object.assign(new KafkaJSNonRetriableError('stopped'), { cause: inner });
    expect(isCausedBy(outer, 'KafkaJSConnectionError')).toBe(true);
    expect(isCausedBy(inner, 'KafkaJSNonRetriableError')).toBe(false);
  });
});
