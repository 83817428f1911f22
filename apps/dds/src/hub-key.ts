import { LRUCache } from 'lru-cache';
import { hashKey } from '@app/data-vault/hash-key';

/** About 150 bytes each. */
const MOST_KEYS = 100_000;

const keys = new LRUCache<string, string>({ max: MOST_KEYS });

/** The hash key of a hub that many orders share, worked out once. */
export function hubKey(
  hub: 'h_user' | 'h_restaurant' | 'h_product' | 'h_category',
  businessKey: string,
): string {
  const name = `${hub} ${businessKey}`;
  let key = keys.get(name);
  if (key === undefined) {
    key = hashKey(hub, businessKey);
    keys.set(name, key);
  }
  return key;
}
