import { KafkaJSNonRetriableError } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { noteOrigin, serverOf } from './server-of';

describe('serverOf', () => {
  it('knows the server that was noted, and does not let another take it over', () => {
    const error = noteOrigin('redis', new Error('LOADING'));
    noteOrigin('postgresql', error);
    expect(serverOf(error)).toBe('redis');
  });

  it('looks behind an error at its cause', () => {
    const cause = noteOrigin('postgresql', new Error('Connection terminated'));
    expect(serverOf(new Error('no connection', { cause }))).toBe('postgresql');
  });

  it('knows the errors of kafkajs by their names', () => {
    expect(serverOf(new KafkaJSNonRetriableError('refused'))).toBe('kafka');
  });

  it.each([[new TypeError('x is not a function')], [new Error('ours')], ['a text'], [undefined], [null]])(
    'knows no server of %s',
    (error) => {
      expect(serverOf(error)).toBeUndefined();
    },
  );

  it('takes no note of what is no object', () => {
    expect(serverOf(noteOrigin('kafka', 'a text'))).toBeUndefined();
  });
});
