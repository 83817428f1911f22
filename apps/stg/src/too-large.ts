import type { Refused } from '@app/kafka/outcome';

export function tooLargeFor(topic: string): Refused {
  const message = `with names and categories the order is larger than a message of ${topic} may be`;
  return { kind: 'refused', reason: 'message_too_large', message };
}
