import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Comments of schemas and functions that analysts see, in Russian before the English. `migrate` writes those of tables
 * and views from their declarations.
 */
export class CommentInRussian1700000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [object, russian, english] of comments) {
      await runner.query(`COMMENT ON ${object} IS '${russian} / ${english}'`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [object, , english] of comments) {
      await runner.query(`COMMENT ON ${object} IS '${english}'`);
    }
  }
}

const comments = [
  [
    'SCHEMA dds',
    'Data Vault 2.0: хабы, линки и сателлиты; строки только добавляются',
    'Data Vault 2.0: hubs, links and satellites; insert-only',
  ],
  [
    'SCHEMA cdm',
    'Витрины: счётчики, теги и реестр заказов, благодаря которому счёт точен',
    'Data marts: counters, tags and the ledger that makes them exact',
  ],
  [
    'FUNCTION dds.hash_key',
    `Хеш-ключ хаба или линка из бизнес-ключей, например dds.hash_key(''h_user'', ''626a81ce9a8cd1920641e296'')`,
    `Hash key of a hub or link from its business keys, e.g. dds.hash_key(''h_user'', ''626a81ce9a8cd1920641e296'')`,
  ],
  [
    'FUNCTION dds.orders_at',
    'Версия каждого заказа, известная и верная на момент',
    'The version of every order that was known and true at a moment',
  ],
  [
    'FUNCTION dds.closed_products_at',
    'Блюда закрытых заказов (CLOSED), известных и верных на момент',
    'The products of CLOSED orders that were known and true at a moment',
  ],
  [
    'FUNCTION dds.product_names_at',
    'Название каждого блюда, известное и верное на момент',
    'The name of every product that was known and valid at a moment',
  ],
  [
    'FUNCTION dds.restaurant_names_at',
    'Название каждого ресторана, известное и верное на момент',
    'The name of every restaurant that was known and valid at a moment',
  ],
  [
    'FUNCTION cdm.current_change',
    'Номер транзакции, как его хранит реестр',
    'Number of the transaction, as the ledger keeps it',
  ],
  [
    'FUNCTION cdm.is_match',
    'Может ли быть такой match в условии',
    'Whether a condition may have such a match',
  ],
  [
    'FUNCTION cdm.is_condition',
    'Может ли быть такое условие в правиле тегов',
    'Whether a rule of tags may have such a condition',
  ],
  [
    'FUNCTION cdm.are_conditions',
    'Условия ли это правила тегов',
    'Whether they are the conditions of a rule of tags',
  ],
] as const;
