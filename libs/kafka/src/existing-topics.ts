import type { Admin } from 'kafkajs';

/**
 * Those of the topics that are there, and for this user to see. Each is asked for by itself: kafkajs cannot list topics
 * while a partition of any topic of the cluster, a stranger's too, has no leader (tulios/kafkajs#1520).
 */
export async function existingTopics(
  admin: Pick<Admin, 'fetchTopicMetadata'>,
  topics: readonly string[],
): Promise<Set<string>> {
  const existing = new Set<string>();
  for (const topic of topics) {
    try {
      await admin.fetchTopicMetadata({ topics: [topic] });
      existing.add(topic);
    } catch (error) {
      const { type } = error as { type?: string };
      if (type !== 'UNKNOWN_TOPIC_OR_PARTITION' && type !== 'TOPIC_AUTHORIZATION_FAILED') {
        throw error;
      }
    }
  }
  return existing;
}
