import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { kafkaJars } from '../../tools/stack/kafka.server';

const program = fileURLToPath(new URL('Produce.java', import.meta.url));

/**
 * What Kafka's own Java client is to do, in order:
 *
 * - `open NAME [SETTING=VALUE...]` makes a producer, `close NAME` ends it
 * - `begin NAME`, `commit NAME`, `abort NAME` a transaction
 * - `send NAME TOPIC PARTITION KEY VALUE`, both in base64; a KEY of `-` is none
 *
 * @returns the offset of each message
 * @throws with what Java said
 */
export async function javaProduces(brokers: string, lines: string[]): Promise<number[]> {
  const java = spawn('java', ['-XX:TieredStopAtLevel=1', '-cp', `${await kafkaJars()}/*`, program, brokers]);
  const [output, errors] = [text(java.stdout), text(java.stderr)];
  java.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [code] = (await once(java, 'close')) as [number | null];
  if (code !== 0) {
    throw new Error(`java ended with ${code}: ${await errors}`);
  }
  return (await output).split('\n').filter(Boolean).map(Number);
}
