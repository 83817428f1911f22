import { LRUCache } from 'lru-cache';
import { keyDigest, uuidText, type Digest } from '@app/data-vault/hash-key';

/** About 300 bytes each. */
const MOST_KEYS = 100_000;

/** The hash key of a hub: for the tables and for the messages. */
export interface HubKey {
  digest: Digest;
  text: string;
}

const keys = new LRUCache<string, HubKey>({ max: MOST_KEYS });

export function newHubKey(hub: string, businessKey: string): HubKey {
  const digest = keyDigest(hub, businessKey);
  return { digest, text: uuidText(digest) };
}

/** The hash key of a hub that many orders share, worked out once. */
export function hubKey(
  hub: 'h_user' | 'h_restaurant' | 'h_product' | 'h_category',
  businessKey: string,
): HubKey {
  const name = `${hub} ${businessKey}`;
  let key = keys.get(name);
  if (key === undefined) {
    key = newHubKey(hub, businessKey);
    keys.set(name, key);
  }
  return key;
}
