import { IsOptional } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { IsKey, IsText } from '@app/contracts/contract-rules';
import { Nested } from '@app/contracts/validate';
import { contractSchemas } from './contract-schemas';
import { MessageSchemas } from '../../test/harness/message-schemas';

class Place {
  @IsKey() street!: string;
}

class Parcel {
  @IsKey() id!: string;
  @IsOptional() @IsText() note?: string | null;
  @IsOptional() @IsKey() @IsText() address?: string | null;
  @IsOptional() @Nested(() => Place) place?: Place | null;
}

const schemas = contractSchemas([Parcel], new Map([['Parcel.note', 'What the courier reads.']]));

describe('contractSchemas', () => {
  it('says that an optional member may be absent, or null', () => {
    const [key, text, place] = ['Key', 'Text', 'Place'].map((name) => ({
      $ref: `#/components/schemas/${name}`,
    }));
    expect(schemas.Parcel).toEqual({
      type: 'object',
      required: ['id'],
      properties: {
        id: key,
        note: { description: 'What the courier reads.', anyOf: [text, { type: 'null' }] },
        address: { anyOf: [{ allOf: [text, key] }, { type: 'null' }] },
        place: { anyOf: [place, { type: 'null' }] },
      },
    });
  });

  it.each([
    [{ id: 'x' }, true],
    [{ id: 'x', note: null, address: null, place: null }, true],
    [{ id: 'x', note: '', address: 'y', place: { street: 'z' } }, true],
    [{ note: '' }, false],
    [{ id: null }, false],
    [{ id: 'x', note: 7 }, false],
    [{ id: 'x', address: '' }, false],
    [{ id: 'x', place: {} }, false],
  ])('takes %j: %s', (message, isTaken) => {
    const document = new MessageSchemas(JSON.stringify({ components: { schemas } }));
    expect(document.problems('Parcel', message).length === 0).toBe(isTaken);
  });
});
