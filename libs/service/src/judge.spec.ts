import { KafkaJSConnectionError } from 'kafkajs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { noteOrigin } from '@app/servers/server-of';
import { NotCommitted } from '@app/warehouse/warehouse';
import { judge } from './judge';

function databaseError(code: string, message: string): Error {
  const error = Object.assign(new pg.DatabaseError(message, 0, 'error'), { severity: 'ERROR', code });
  return noteOrigin('postgresql', error);
}

describe('judge', () => {
  it.each([
    [
      databaseError('42501', 'permission denied for table users'),
      'postgresql',
      'PostgreSQL cannot be used, see DATABASE_URL: permission denied for table users',
    ],
    [
      databaseError('P0001', 'Anna is not welcome'),
      'postgresql',
      'PostgreSQL cannot be used, see DATABASE_URL: SQLSTATE P0001',
    ],
    [
      new NotCommitted('ROLLBACK'),
      'postgresql',
      'PostgreSQL cannot be used, see DATABASE_URL: PostgreSQL answered ROLLBACK to COMMIT',
    ],
    [
      noteOrigin('redis', new Error("READONLY You can't write against a read only replica.")),
      'redis',
      "Redis cannot be used, see REDIS_URL: READONLY You can't write against a read only replica.",
    ],
    [
      noteOrigin('redis', new Error('Redis cannot be used, see REDIS_URL and REDIS_SSL_CA: ECONNREFUSED')),
      'redis',
      'Redis cannot be used, see REDIS_URL and REDIS_SSL_CA: ECONNREFUSED',
    ],
    [
      new KafkaJSConnectionError('Connection timeout'),
      'kafka',
      'Kafka cannot be used, see KAFKA_BROKERS and KAFKA_SSL: Connection timeout',
    ],
  ])('waits for the server that an error came from, and names it alone: %s', (error, server, reason) => {
    expect(judge(error)).toEqual({ verdict: 'wait', server, reason });
  });

  it.each([[new Error('the entries of order 7 are gone')], [new TypeError('x is not a function')]])(
    'takes what no server said for a defect: %s',
    (error) => {
      expect(judge(error)).toEqual({ verdict: 'defect', reason: error.message });
    },
  );

  it('leaves other verdicts as they are', () => {
    expect(judge(databaseError('40P01', 'deadlock detected')).verdict).toBe('repeat');
    expect(judge(databaseError('22P02', 'no number')).verdict).toBe('condemn');
  });
});
