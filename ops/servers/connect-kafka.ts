import kafkajs, { type Kafka } from 'kafkajs';
import { kafkaConfig } from '@app/kafka/kafka-client';
import { kafkaEnvironment } from './kafka.environment';

/** For texts of help. */
export const kafkaVariables =
  'KAFKA_BROKERS (with KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD)';

/**
 * A client of the cluster that the environment names, when a broker has answered.
 * @throws naming malformed variables, or why no broker can be used
 */
export async function connectKafka(variables: NodeJS.ProcessEnv): Promise<Kafka> {
  const environment = kafkaEnvironment(variables);
  const connection = kafkaConfig('order-vault-tools', environment);
  const kafka = new kafkajs.Kafka({ ...connection, logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return kafka;
  } catch (error) {
    const { KAFKA_BROKERS } = environment;
    throw new Error(`No broker of KAFKA_BROKERS=${KAFKA_BROKERS} can be used: ${(error as Error).message}`);
  } finally {
    await admin.disconnect();
  }
}
