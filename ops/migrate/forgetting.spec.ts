import { describe, expect, it } from 'vitest';
import { declarationOf, declarations, Field, Table, type TableClass } from '@app/data-vault/columns';
import {
  Hashdiff,
  Hub,
  HashKey,
  BusinessKey,
  Parent,
  Satellite,
  ValidFrom,
  VaultRow,
} from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { HOrder } from '../../apps/dds/src/entities/h-order.entity';
import { HRestaurant } from '../../apps/dds/src/entities/h-restaurant.entity';
import { LOrderProduct } from '../../apps/dds/src/entities/l-order-product.entity';
import { LOrderUser } from '../../apps/dds/src/entities/l-order-user.entity';
import { entityClasses } from './entity-classes';
import { forgettingSql } from './forgetting';
import { wayToUser } from './way-to-user';

const tables = (await entityClasses()).flatMap((entity) => declarations.get(entity) ?? []);

const name = { personal: { blankedTo: `'nobody'` } };

@Satellite('s_order_address', 'Where an order goes')
class OfOrder extends VaultRow {
  @Parent(() => HOrder, 'The order')
  h_order_pk!: Digest;
}

@Satellite('s_order_user_words', 'What a user says of an order')
class OfLinkOfUser extends VaultRow {
  @Parent(() => LOrderUser, 'The link')
  hk_order_user_pk!: Digest;
}

@Satellite('s_line_notes', 'Wishes')
class OfLinkOfOrder extends VaultRow {
  @Parent(() => LOrderProduct, 'The link')
  hk_order_product_pk!: Digest;
}

@Satellite('s_restaurant_owner', 'Whose the restaurant is')
class OfRestaurant extends VaultRow {
  @Parent(() => HRestaurant, 'The restaurant')
  h_restaurant_pk!: Digest;

  @Field('text', 'Name of the owner', name)
  owner!: string;

  @ValidFrom('Since when')
  valid_from!: string;

  @Hashdiff('Digest of the owner')
  hk_restaurant_owner_hashdiff!: Digest;
}

@Satellite('s_order_words', 'Words of an order')
class OverMore extends VaultRow {
  @Parent(() => HOrder, 'The order')
  h_order_pk!: Digest;

  @Field('text', 'Words', name)
  words!: string;

  @ValidFrom('Since when')
  valid_from!: string;

  @Hashdiff('Digest of words and order', 'order_id')
  hk_order_words_hashdiff!: Digest;
}

@Hub('h_phone', 'Telephones')
class Phone extends VaultRow {
  @HashKey('Hash key of the telephone')
  h_phone_pk!: Digest;

  // @ts-expect-error what the source calls a thing is never blanked
  @BusinessKey('text', 'its number', name)
  number!: string;
}

@Table('cdm.user_notes', 'Notes', { belongsTo: { user: 'user_id' } })
class OfUserKey {
  @Field('uuid', 'Hash key of the user')
  user_id!: string;

  @Field('text', 'Note', name)
  note!: string;
}

@Table('cdm.order_notes', 'Notes', { belongsTo: { order: 'order_id' } })
class OfOrderKey {
  @Field('uuid', 'Hash key of the order')
  order_id!: string;

  @Field('text', 'Note', { personal: { blankedTo: 'NULL' } })
  note!: string;
}

@Table('cdm.names', 'Names')
class InKey {
  @Field('text', 'Name', { ...name, key: true })
  name!: string;
}

const wayOf = (entity: TableClass) => {
  const way = wayToUser(declarationOf(entity), tables);
  return (
    way && [way.column, ...way.steps.map(({ link, from, to }) => `${link.name}: ${from} to ${to}`), way.end]
  );
};
const sqlWith = (entity: TableClass) => forgettingSql([...tables, declarationOf(entity)]);

describe('the way to the user of a row', () => {
  it.each<[string, TableClass, string[]]>([
    ['an order', OfOrder, ['h_order_pk', 'l_order_user: h_order_pk to h_user_pk', 'h_user_pk']],
    [
      'a link of the user',
      OfLinkOfUser,
      ['hk_order_user_pk', 'l_order_user: hk_order_user_pk to h_user_pk', 'h_user_pk'],
    ],
    [
      'a link of an order',
      OfLinkOfOrder,
      [
        'hk_order_product_pk',
        'l_order_product: hk_order_product_pk to h_order_pk',
        'l_order_user: h_order_pk to h_user_pk',
        'h_user_pk',
      ],
    ],
    ['a mart of users', OfUserKey, ['user_id', 'h_user_pk']],
    ['a mart of orders', OfOrderKey, ['order_id', 'l_order_user: h_order_pk to h_user_pk', 'h_user_pk']],
  ])('is found from %s', (_, entity, way) => {
    expect(wayOf(entity)).toEqual(way);
  });

  it('does not lead from what many users share', () => {
    expect(wayOf(OfRestaurant)).toBeUndefined();
    expect(wayOf(InKey)).toBeUndefined();
  });
});

describe('forgettingSql', () => {
  it('blanks a table that is declared, and guards it', () => {
    const sql = sqlWith(OfUserKey);
    expect(sql).toContain(
      `UPDATE cdm.user_notes AS kept SET\n      note = 'nobody'\n    WHERE kept.user_id = user_key`,
    );
    expect(sql).toContain('BEFORE INSERT ON cdm.user_notes');
  });

  it.each<[string, TableClass, string]>([
    [
      'from where no way leads to a user',
      OfRestaurant,
      'dds.s_restaurant_owner: owner can be personal, and no way',
    ],
    ['in a key', InKey, 'cdm.names.name can be personal and is part of the key'],
    ['in a business key', Phone, 'dds.h_phone: number can be personal, and no way'],
    [
      'that must be there and is to be null',
      OfOrderKey,
      'cdm.order_notes.note can be personal and not be null',
    ],
    ['whose digest is over more than its row', OverMore, 'its hashdiff is over order_id of h_order'],
  ])('refuses personal data %s', (_, entity, reason) => {
    expect(() => sqlWith(entity)).toThrow(reason);
  });
});
