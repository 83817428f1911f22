import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { together } from './together';

describe('together', () => {
  it('gives the answers in the order in which they were asked for', async () => {
    expect(await together(turn('first'), Promise.resolve(2))).toEqual(['first', 2]);
  });

  it('throws the first error of that order', async () => {
    const later = turn().then(() => Promise.reject(new Error('the cause')));
    const sooner = Promise.reject(new Error('what came of it'));
    await expect(together(later, sooner)).rejects.toThrow('the cause');
  });

  it('throws the cause also where a statement before it in that order could not be made any more', async () => {
    const error = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
    await expect(together(error('25P02'), error('22P02'), error('25P02'))).rejects.toThrow('22P02');
    await expect(together(Promise.resolve(), error('25P02'))).rejects.toThrow('25P02');
  });

  it('does not throw while work goes on: it could write after the transaction was given up', async () => {
    const done: string[] = [];
    const work = turn('written').then((what) => done.push(what));
    await expect(together(Promise.reject(new Error('no')), work)).rejects.toThrow('no');
    expect(done).toEqual(['written']);
  });
});
