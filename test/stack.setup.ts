import type { TestProject } from 'vitest/node';
import { migrate } from '../ops/migrate/migrate';
import { up, type StackEnvironment } from '../dev/stack/stack';
import { keep, type Release } from '../dev/stack/stack-keeper';
import { createTopics } from '../ops/topics/create-topics';
import { mapKafkaClasses } from './harness/map-kafka-classes';

declare module 'vitest' {
  interface ProvidedContext {
    /** The servers of this run, with schemas and topics: `inject('stack')`. */
    stack: StackEnvironment;
  }
}

/** A stack for the tests of one run. It is gone when the run is, also when that is killed. */
export default async function setup(project: TestProject): Promise<Release> {
  const name = `test-${process.pid}-${Date.now()}`;
  const release = keep(name);
  try {
    const stack = await up(name);
    await Promise.all([mapKafkaClasses(), migrate(stack.DATABASE_URL)]);
    await createTopics(stack, { partitions: 6, replicationFactor: -1 }, () => {});
    project.provide('stack', stack);
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}
