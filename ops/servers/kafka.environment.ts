import type { KafkaEnvironment } from '@app/kafka/kafka-client';
import { isCertificateFile } from '@app/service/is-certificate-file';

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/**
 * How to reach the cluster that the environment names. An empty variable counts as missing.
 * @throws naming every variable that is missing or malformed.
 */
export function kafkaEnvironment(variables: NodeJS.ProcessEnv): KafkaEnvironment {
  const { KAFKA_BROKERS = '', KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM } = variables;
  const { KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD } = variables;
  const mechanism = mechanisms.find((known) => known === KAFKA_SASL_MECHANISM);
  const rules: [boolean, string][] = [
    [
      KAFKA_BROKERS.split(',').every((broker) => /^\s*[^\s:]+:\d+\s*$/.test(broker)),
      `KAFKA_BROKERS is host:port, or several with commas between: "${KAFKA_BROKERS}" isn't.`,
    ],
    [
      !KAFKA_SSL || ['true', 'false'].includes(KAFKA_SSL),
      `KAFKA_SSL is true or false: "${KAFKA_SSL}" isn't.`,
    ],
    [
      !KAFKA_SSL_CA || isCertificateFile(KAFKA_SSL_CA),
      `KAFKA_SSL_CA is a file with a certificate (PEM) that can be read: "${KAFKA_SSL_CA}" isn't.`,
    ],
    [
      !KAFKA_SASL_MECHANISM || mechanism !== undefined,
      `KAFKA_SASL_MECHANISM is one of ${mechanisms.join(', ')}: "${KAFKA_SASL_MECHANISM}" isn't.`,
    ],
    [
      !KAFKA_SASL_MECHANISM || !!KAFKA_SASL_USERNAME,
      'KAFKA_SASL_USERNAME is missing: KAFKA_SASL_MECHANISM needs it.',
    ],
    [
      !KAFKA_SASL_MECHANISM || !!KAFKA_SASL_PASSWORD,
      'KAFKA_SASL_PASSWORD is missing: KAFKA_SASL_MECHANISM needs it.',
    ],
  ];
  const broken = rules.filter(([holds]) => !holds).map(([, message]) => message);
  if (broken.length > 0) {
    throw new Error(broken.join('\n'));
  }
  return {
    KAFKA_BROKERS,
    KAFKA_SSL: KAFKA_SSL === 'true',
    KAFKA_SSL_CA: KAFKA_SSL_CA || undefined,
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME,
    KAFKA_SASL_PASSWORD,
  };
}
