import type { ConsumerLag } from '@app/kafka/consumer-lag';
import type { Layers } from './layers';

/** How far a service is in a partition: what it reads next, and the end. */
interface Place {
  next: number;
  end: number;
}

/** By partition, of the services in the order in which messages go through them. */
export type Progress = ReadonlyMap<number, Place>[];

const services = ['stg', 'dds', 'cdm'] as const;

/**
 * How far each service is. The ends of a topic are asked for after the place of the service before it, so what that
 * has sent is among them.
 * @returns undefined where it is not known of a service or partition
 */
export async function readProgress(layers: Layers, broker: ConsumerLag): Promise<Progress | undefined> {
  const progress: Progress = [];
  for (const service of services) {
    const [row] = await layers.rows<{ topic: string; group: string }>(
      service,
      /* sql */ `
      SELECT source_topic AS topic, consumer_group AS "group" FROM pipeline.service_states
      WHERE service = $1 ORDER BY seen_at DESC LIMIT 1`,
      [service],
    );
    if (!row) {
      return undefined;
    }
    const { partitions, unknown } = await broker.byPartition(row.topic, row.group);
    if (unknown.size > 0) {
      return undefined;
    }
    progress.push(
      new Map(partitions.map(({ partition, next, lag }) => [partition, { next, end: next + lag }])),
    );
  }
  return progress;
}

/** Whether the pipeline has finished with all that there was at a moment. */
export class Mark {
  /** The service that is waited for. */
  private stage = 0;
  /** By partition: up to where it is to come. */
  private ends?: Map<number, number>;

  /** @returns true once all services have passed what each had before it */
  hasPassed(progress: Progress): boolean {
    for (; this.stage < progress.length; this.stage += 1) {
      const places = progress[this.stage]!;
      this.ends ??= new Map(Array.from(places, ([partition, { end }]) => [partition, end]));
      if ([...this.ends].some(([partition, end]) => (places.get(partition)?.next ?? -1) < end)) {
        return false;
      }
      this.ends = undefined;
    }
    return true;
  }
}
