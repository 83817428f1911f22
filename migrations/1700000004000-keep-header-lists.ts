import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Headers of parked messages as they came: in their order, without a value, by any name. The release before writes and reads
 * `message_headers` alone; where it or the forgetting of a user changes that, the list goes.
 */
export class KeepHeaderLists1700000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(headerList);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      DROP TRIGGER forget_header_list ON stg.pending_orders;
      DROP FUNCTION stg.forget_header_list;
      ALTER TABLE stg.pending_orders DROP COLUMN message_header_list;`);
  }
}

const headerList = /* sql */ `
  ALTER TABLE stg.pending_orders ADD COLUMN message_header_list jsonb;
  COMMENT ON COLUMN stg.pending_orders.message_header_list IS
    'Headers of the message in their order: pairs of name and value, both in base64, the value null where there is none';

  CREATE FUNCTION stg.forget_header_list() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
    BEGIN
      NEW.message_header_list := NULL;
      RETURN NEW;
    END $$;
  CREATE TRIGGER forget_header_list BEFORE UPDATE OF message_headers ON stg.pending_orders
    FOR EACH ROW WHEN (NEW.message_headers IS DISTINCT FROM OLD.message_headers) EXECUTE FUNCTION stg.forget_header_list();
`;
