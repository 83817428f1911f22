import errors from 'kafkajs/src/protocol/error.js';
import { ACKNOWLEDGE_MS } from './kafkajs-socket';

export const LEADER_NOT_AVAILABLE = 5;
export const NOT_LEADER_FOR_PARTITION = 6;
const REQUEST_TIMED_OUT = 7;

/**
 * What a broker says of a partition, by the code of the protocol. Where waiting helps it names the partition: another
 * one may be well.
 */
export function partitionError(topic: string, partition: number, code: number): Error {
  const error = errors.createErrorFromCode(code);
  if (error.retriable) {
    error.message = `${topic}/${partition}: ${wordsOf(code, error)}`;
  }
  return error;
}

function wordsOf(code: number, { message }: Error): string {
  return code === REQUEST_TIMED_OUT
    ? `not all in-sync replicas have acknowledged within ${ACKNOWLEDGE_MS / 1000} s`
    : message;
}
