import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { keep } from '../../dev/services/process-keeper';
import { filledOnce } from '../../dev/stack/download-cache';
import { freePorts } from '../../dev/stack/free-ports';
import { mappedClasses } from '../../dev/stack/kafka-classes';
import { kafka, kafkaIsMissing, kafkaVersion } from '../../dev/stack/kafka-server';
import { runToEnd } from '../../dev/stack/run-to-end';
import type { Stack } from '../../dev/stack/stack-state';
import { untilUsable } from '../../dev/stack/until-usable';

/**
 * Makes {@link mappedClasses} where there are none, by a broker that starts and ends for that alone. It takes ten
 * seconds, once on a machine. Where Kafka runs in Docker there is nothing to make.
 */
export async function mapKafkaClasses(): Promise<void> {
  if (kafkaIsMissing()) {
    return;
  }
  const classes = mappedClasses(kafkaVersion);
  await filledOnce(dirname(classes), async (draft) => {
    const stack = await brokerAlone(draft);
    const folder = join(draft, kafka.name);
    mkdirSync(folder);
    for (const { file, args } of await kafka.prepare(stack)) {
      await runToEnd(file, args, { cwd: folder });
    }
    const { file, args } = await kafka.command(stack);
    const others = args.filter((arg) => !arg.startsWith('-XX:SharedArchiveFile='));
    const archive = `-XX:ArchiveClassesAtExit=${join(draft, basename(classes))}`;
    const broker = spawn(file, [archive, ...others], { cwd: folder, stdio: 'ignore' });
    keep(broker);
    const exit = once(broker, 'exit');
    try {
      await untilUsable(stack, kafka, () => broker.exitCode === null);
    } finally {
      broker.kill('SIGTERM');
      await exit;
    }
    rmSync(folder, { recursive: true });
  });
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
