import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { keep } from '../../dev/services/process-keeper';
import { filledOnce } from '../../dev/stack/download-cache';
import { freePorts } from '../../dev/stack/free-ports';
import { fromMappedClasses, mappedClasses } from '../../dev/stack/kafka-classes';
import { kafka, kafkaIsMissing, kafkaVersion } from '../../dev/stack/kafka-server';
import { runToEnd } from '../../dev/stack/run-to-end';
import type { Stack } from '../../dev/stack/stack-state';
import { untilUsable } from '../../dev/stack/until-usable';

const LIFE_MS = 180_000;

/**
 * Makes {@link mappedClasses} where there are none, by a broker that starts and ends for that alone. It takes ten
 * seconds, once on a machine. Where Kafka runs in Docker there is nothing to make; and where it fails, brokers start as
 * slowly as without.
 */
export async function mapKafkaClasses(): Promise<void> {
  if (kafkaIsMissing()) {
    return;
  }
  const classes = mappedClasses(kafkaVersion);
  try {
    await filledOnce(dirname(classes), (draft) => mapInto(join(draft, basename(classes)), draft));
  } catch (error) {
    console.warn(`The classes of Kafka could not be mapped: ${(error as Error).message}`);
  }
}

async function mapInto(file: string, draft: string): Promise<void> {
  const stack = await brokerAlone(draft);
  const folder = join(draft, kafka.name);
  mkdirSync(folder);
  for (const command of await kafka.prepare(stack)) {
    await runToEnd(command.file, command.args, { cwd: folder });
  }
  const { file: java, args } = await kafka.command(stack);
  const others = args.filter((arg) => arg !== fromMappedClasses(kafkaVersion));
  const broker = spawn(java, [`-XX:ArchiveClassesAtExit=${file}`, ...others], {
    cwd: folder,
    stdio: 'ignore',
    timeout: LIFE_MS,
    killSignal: 'SIGKILL',
  });
  keep(broker);
  const exit = once(broker, 'exit');
  try {
    await untilUsable(stack, kafka, () => broker.exitCode === null);
  } catch (error) {
    broker.kill('SIGKILL');
    throw error;
  }
  broker.kill('SIGTERM');
  await exit;
  if (broker.signalCode) {
    throw new Error('it did not end in time'); // and half a file may be there
  }
  rmSync(folder, { recursive: true });
}

async function brokerAlone(folder: string): Promise<Stack> {
  const [port, controller] = await freePorts(2);
  return {
    name: 'classes',
    folder,
    postgresFolder: folder,
    runtime: 'processes',
    ports: { kafka: port!, kafkaController: controller!, postgres: 0, redis: 0, lock: 0 },
  };
}
