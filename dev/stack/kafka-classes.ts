import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cacheFolder } from './download-cache';
import { javaVersion } from './java-version';

/**
 * The classes of Kafka in the form in which Java maps them, if the tests have made it: a broker that loads none from
 * the jars starts in two thirds of the time. The file is of one version of Kafka and one build of Java, and Java does
 * without where there is none.
 */
export function mappedClasses(kafkaVersion: string): string {
  const java = createHash('sha256').update(`${javaVersion()}`).digest('hex').slice(0, 12);
  return join(cacheFolder(`kafka-${kafkaVersion}-classes-${java}`), 'classes.jsa');
}

/** The option of Java that uses {@link mappedClasses}. */
export function fromMappedClasses(kafkaVersion: string): string {
  return `-XX:SharedArchiveFile=${mappedClasses(kafkaVersion)}`;
}
