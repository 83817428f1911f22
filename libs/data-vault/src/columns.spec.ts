import { describe, expect, it } from 'vitest';
import { getMetadataArgsStorage } from 'typeorm';
import { declarationOf, Field, Table } from './columns';
import { VaultRow } from './declare';

abstract class Numbered {
  @Field('bigint', 'Number', { key: true })
  id!: string;
}

@Table('stg.couriers', 'Couriers', { belongsTo: { user: 'name' } })
class Courier extends Numbered {
  @Field('text', 'Name', { unique: true, check: `<> ''`, personal: { blankedTo: 'NULL' } })
  name!: string;
}

@Table('stg.tours', 'Tours')
class Tour extends Numbered {
  @Field('bigint', 'The courier', { references: () => Courier })
  courier!: string;
}

const of = (list: { target: unknown; name?: string }[], target: unknown) =>
  list.filter((one) => one.target === target).map(({ name }) => name);

describe('declarationOf', () => {
  it('gives the columns of a table, inherited ones last, and whether they are personal', () => {
    expect(declarationOf(Courier)).toMatchObject({
      schema: 'stg',
      name: 'couriers',
      belongsTo: { user: 'name' },
      columns: [
        { name: 'name', type: 'text', isKey: false, personal: { blankedTo: 'NULL' } },
        { name: 'id', type: 'bigint', isKey: true },
      ],
      added: [],
    });
  });

  it('names constraints by table and column', () => {
    const { uniques, checks, foreignKeys } = getMetadataArgsStorage();
    expect(of(uniques, Courier)).toEqual(['couriers_name_key']);
    expect(of(checks, Courier)).toEqual(['couriers_name_check']);
    expect(of(foreignKeys, Tour)).toEqual(['tours_courier_fkey']);
  });

  it('refuses a class that is no table', () => {
    expect(() => declarationOf(VaultRow)).toThrow('VaultRow is not declared as a table');
  });
});

describe('Field', () => {
  it('asks of what can hold text whether it can be personal', () => {
    const decorators = [
      // @ts-expect-error it does not say
      Field('text', 'Name'),
      // @ts-expect-error it says something else
      Field('jsonb', 'What is missing', { nullable: true }),
      Field('bytea', 'Key of the message', { nullable: true, personal: { blankedTo: 'NULL' } }),
      Field('integer', 'Number'),
    ];
    expect(decorators).toHaveLength(4);
  });
});
