import { describe, expect, it } from 'vitest';
import { Field, FORGOTTEN_NAME } from './columns';
import {
  BusinessKey,
  Count,
  Hashdiff,
  HashKey,
  Hub,
  Link,
  OrderVersion,
  Parent,
  Satellite,
  SubSequence,
  tableOf,
  ValidFrom,
  VaultRow,
} from './declare';
import { hashdiff, keyDigest, type Digest } from './hash-key';
import { binaryArray } from '@app/warehouse/binary-array';
import { columnsOf, rowsOf, rowsWithHashdiff, VaultRows } from './vault-rows';

@Hub('h_courier', 'Hub of couriers')
class HCourier extends VaultRow {
  @HashKey('Hash key of the courier')
  h_courier_pk!: Digest;

  @BusinessKey('text', 'id of the courier', { personal: false })
  courier_id!: string;
}

@Hub('h_city', 'Hub of cities')
class HCity extends VaultRow {
  @HashKey('Hash key of the city')
  h_city_pk!: Digest;

  @BusinessKey('text', 'name of the city', { personal: false })
  city_name!: string;
}

@Link('l_courier_city', 'Link: where a courier works')
class LCourierCity extends VaultRow {
  @HashKey('Hash key of the link')
  hk_courier_city_pk!: Digest;

  @Parent(() => HCourier, 'Hash key of the courier')
  h_courier_pk!: Digest;

  @Parent(() => HCity, 'Hash key of the city')
  h_city_pk!: Digest;
}

@Satellite('s_courier_names', 'Satellite of h_courier: names through time')
class SCourierNames extends VaultRow {
  @Parent(() => HCourier, 'Hash key of the courier')
  h_courier_pk!: Digest;

  @Field('text', 'First name', { personal: { blankedTo: FORGOTTEN_NAME } })
  first_name!: string;

  @Field('text', 'Family name', { nullable: true, personal: { blankedTo: 'NULL' } })
  family_name!: string | null;

  @ValidFrom('Since when')
  valid_from!: string;

  @Hashdiff('Digest of the names')
  hk_courier_names_hashdiff!: Digest;
}

@Satellite('s_courier_stop', 'Multi-active satellite of h_courier: stops of a tour')
class SCourierStop extends VaultRow {
  @Parent(() => HCourier, 'Hash key of the courier')
  h_courier_pk!: Digest;

  @OrderVersion()
  order_version!: string;

  @SubSequence('Place of the stop')
  stop!: number;

  @Count('How many parcels')
  parcels!: string;

  @ValidFrom('Time of the version')
  valid_from!: string;

  @Hashdiff('Digest of parcels and city', 'city')
  hk_courier_stop_hashdiff!: Digest;
}

const courier = keyDigest('h_courier', 'c');
const keysOf = (entity: Parameters<typeof tableOf>[0]) =>
  tableOf(entity).columns.flatMap(({ name, isKey }) => (isKey ? name : []));

describe('tableOf', () => {
  it('gives the columns with their types, without those of every row', () => {
    expect(tableOf(HCourier)).toMatchObject({
      name: 'h_courier',
      kind: 'hub',
      columns: [
        { name: 'h_courier_pk', type: 'uuid', isKey: true },
        { name: 'courier_id', type: 'text', isKey: false },
      ],
      attributes: [],
    });
  });

  it('finds the key by the kind of the table', () => {
    expect(keysOf(LCourierCity)).toEqual(['hk_courier_city_pk']);
    expect(keysOf(SCourierNames)).toEqual(['h_courier_pk', 'valid_from', 'hk_courier_names_hashdiff']);
    expect(keysOf(SCourierStop)).toEqual(['h_courier_pk', 'order_version', 'stop']);
  });

  it('knows the parents', () => {
    expect(tableOf(LCourierCity).parents.map(({ table }) => table.name)).toEqual(['h_courier', 'h_city']);
  });

  it('refuses a class that is no table', () => {
    expect(() => tableOf(VaultRow)).toThrow('VaultRow is not declared as hub, link or satellite');
  });
});

describe('VaultRows', () => {
  const names = rowsOf(SCourierNames, (name: { first: string; family: string | null; since: string }) => [
    { h_courier_pk: courier, first_name: name.first, family_name: name.family, valid_from: name.since },
  ]);

  it('works out the digest of the attributes in their declared order, whatever the order of the members', () => {
    const backwards = rowsOf(SCourierNames, (since: string) => [
      { valid_from: since, family_name: null, first_name: 'A', h_courier_pk: courier },
    ]);
    const rows = [
      ...rowsWithHashdiff(backwards, 't'),
      ...rowsWithHashdiff(names, { first: 'A', family: null, since: 't' }),
    ];
    const row = {
      h_courier_pk: courier,
      first_name: 'A',
      family_name: null,
      valid_from: 't',
      hk_courier_names_hashdiff: hashdiff('s_courier_names', ['A', null]),
    };
    expect(rows).toEqual([row, row]);
  });

  it('includes in the digest what is no column', () => {
    const stops = rowsOf(SCourierStop, (city: string) => [
      {
        h_courier_pk: courier,
        order_version: 'v',
        stop: 1,
        parcels: '2',
        valid_from: 't',
        city,
      },
    ]);
    const [row] = rowsWithHashdiff(stops, 'X');
    expect(row!.hk_courier_stop_hashdiff).toBe(hashdiff('s_courier_stop', ['2', 'X']));
  });

  it('go in once a key, sorted by it', () => {
    const said = ['02', '01', '02', '03'].map((day) => ({
      first: 'A',
      family: 'B',
      since: `2024-01-${day} 00:00:00`,
    }));
    const rows = new VaultRows().add(said, [names]);
    const times = columnsOf(names.table).names.split(', ').indexOf('valid_from');
    const first = binaryArray('timestamp', [said[1]!.since, said[0]!.since, said[3]!.since]);
    expect(rows.of(names.table).arrays()[times]).toEqual(first);
    expect(rows.of(tableOf(HCity))).toHaveLength(0);
  });

  it('takes rows by name alone', () => {
    // @ts-expect-error a column is missing
    const missing = rowsOf(HCity, () => [{ h_city_pk: courier }]);
    // @ts-expect-error a text is no digest
    const exchanged = rowsOf(HCity, () => [{ h_city_pk: 'X', city_name: courier }]);
    expect([missing.table, exchanged.table]).toEqual([tableOf(HCity), tableOf(HCity)]);
  });
});
