import { LRUCache } from 'lru-cache';
import { keyDigest, uuidText, type Digest } from '@app/data-vault/hash-key';

/** Of a hub; about 300 bytes each. */
const MOST_KEYS = 25_000;

/** The hash key of a hub: for the tables and for the messages. */
export interface HubKey {
  digest: Digest;
  text: string;
}

type Hub = 'h_user' | 'h_restaurant' | 'h_product' | 'h_category';

/** By business key, each hub by itself: to put a name before the key would make a new text for each look. */
const keys: Record<Hub, LRUCache<string, HubKey>> = {
  h_user: new LRUCache({ max: MOST_KEYS }),
  h_restaurant: new LRUCache({ max: MOST_KEYS }),
  h_product: new LRUCache({ max: MOST_KEYS }),
  h_category: new LRUCache({ max: MOST_KEYS }),
};

export function newHubKey(hub: string, businessKey: string): HubKey {
  const digest = keyDigest(hub, businessKey);
  return { digest, text: uuidText(digest) };
}

/** The hash key of a hub that many orders share, worked out once. */
export function hubKey(hub: Hub, businessKey: string): HubKey {
  const known = keys[hub];
  let key = known.get(businessKey);
  if (key === undefined) {
    key = newHubKey(hub, businessKey);
    known.set(businessKey, key);
  }
  return key;
}
