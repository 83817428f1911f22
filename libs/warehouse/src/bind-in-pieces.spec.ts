import { Writable } from 'node:stream';
import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { bindInPieces, type PgConnection } from './bind-in-pieces';

interface Bind {
  portal?: string;
  statement?: string;
  values?: unknown[];
  valueMapper?: (value: unknown) => unknown;
}

/** What a connection of the driver writes to its socket. */
function written(config: Bind, inPieces: boolean): Buffer[] {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece);
      done();
    },
  });
  const connection = new pg.Connection({ stream } as never) as unknown as PgConnection;
  if (inPieces) {
    bindInPieces(connection);
  }
  connection.bind(config);
  return pieces;
}

const LARGE = Buffer.alloc(5_000, 'large');

describe('bindInPieces', () => {
  it('writes the bytes of the driver', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      fc.integer({ min: 4_090, max: 70_000 }).map((size) => Buffer.alloc(size, size)),
    );
    const config = fc.record({
      portal: fc.constantFrom('', 'portal'),
      statement: fc.constantFrom('', 'orders 0123', 'заказы'),
      values: fc.array(value, { maxLength: 12 }),
    });
    fc.assert(
      fc.property(config, (bind) => {
        expect(Buffer.concat(written(bind, true)).equals(Buffer.concat(written(bind, false)))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('writes large values themselves, and not copies', () => {
    const pieces = written({ statement: 's', values: ['1', LARGE, LARGE, 'x'] }, true);
    expect(pieces.filter((piece) => piece === LARGE)).toHaveLength(2);
    expect(pieces).toHaveLength(5);
  });

  it('has a statement without values written by the driver', () => {
    expect(written({ statement: 's' }, true)).toEqual(written({ statement: 's' }, false));
  });

  it('fails as the driver does where a value cannot be written', () => {
    const valueMapper = () => {
      throw new RangeError('no such value');
    };
    expect(() => written({ values: [LARGE, 1], valueMapper }, true)).toThrow('no such value');
    expect(written({ values: [LARGE] }, true)).not.toEqual([]);
  });
});
