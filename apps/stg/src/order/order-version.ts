import { hash } from 'node:crypto';
import { canonicalTime, sortableTime } from '@app/values/source-time';

/**
 * The version of an order as one text that sorts from older to newer: `update_ts`, `sent_dttm` and the digest of the
 * message as received (SHA-256, the first 128 bits in hex). Two replicas that see two versions in different orders
 * agree which is newer.
 * @param updateTs and sentDttm valid times of the source
 */
export function orderVersion(updateTs: string, sentDttm: string, message: Buffer): string {
  const digest = hash('sha256', message, 'hex').slice(0, 32);
  return `${sortableTime(canonicalTime(updateTs)!)}|${sortableTime(canonicalTime(sentDttm)!)}|${digest}`;
}
