import { join } from 'node:path';
import { fromMappedClasses } from '../../dev/stack/kafka-classes';
import { kafkaJars, kafkaVersion } from '../../dev/stack/kafka-server';

/** How Java runs Kafka's tools, and a broker that lives for some tests: it is to start fast, with little memory. */
export async function brokerJava(): Promise<string[]> {
  const options = ['-Xms64m', '-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  return [...options, fromMappedClasses(kafkaVersion), '-cp', join(await kafkaJars(), '*')];
}
