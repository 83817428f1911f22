import { withAdmin, type Cluster } from './with-admin';

/** What a group has committed of a partition. */
export interface GroupOffset {
  partition: number;
  /** -1 where nothing is. */
  offset: string;
  metadata?: string | null;
  /** The oldest offset that the partition still has. */
  low: string;
}

/** What the group has committed of each partition of the topic, and where the partition begins. */
export function groupOffsets(cluster: Cluster, groupId: string, topic: string): Promise<GroupOffset[]> {
  return withAdmin(cluster, async (admin) => {
    const starts = await admin.fetchTopicOffsets(topic);
    const lows = new Map(starts.map(({ partition, low }) => [partition, low]));
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return committed!.partitions.map((one) => ({ ...one, low: lows.get(one.partition) ?? '0' }));
  });
}
