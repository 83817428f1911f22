import { hashKey } from '@app/data-vault/hash-key';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What people named by a business key or a hash key: what has the form of a hash key is one. */
export function hubKey(hub: 'h_category' | 'h_product' | 'h_restaurant', key: string): string {
  return uuid.test(key) ? key.toLowerCase() : hashKey(hub, key);
}
