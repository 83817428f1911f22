import type { Table, TableColumn } from '@app/data-vault/columns';
import { isVaultTable, type VaultTable } from '@app/data-vault/declare';
import { digestSql } from '@app/data-vault/digest-sql';
import { isOf, wayToUser, type Way } from './way-to-user';

/** A table that can hold personal data. */
interface PersonalTable {
  name: string;
  way: Way;
  /** Columns of the primary key, but for the digest. */
  key: string[];
  /** What is left of its columns. */
  blanks: Blank[];
  /** Of a satellite the digest of what is left, and whether it is part of the key. */
  digest?: Blank & { isKey: boolean };
}

/** A column, and what it holds of a user who is forgotten. */
interface Blank {
  name: string;
  value: string;
}

/**
 * How a user is forgotten, as a script that may run again and again: the function `operations.forget_user`, and a
 * trigger on each table that a name enters by, since a repeated message, a replay or a rebuild may bring it again.
 * @param tables in the order in which services lock them
 * @throws where personal data cannot be blanked, or no way leads from it to a user
 */
export function forgettingSql(tables: readonly Table[]): string {
  const personal = tables.flatMap((table) => personalTable(table, tables) ?? []);
  // Later orders are staged as received.
  const guarded = personal.filter(({ way }) => way.end !== 'order_id');
  const others = personal.filter(({ way }) => way.end === 'order_id');
  return [
    forgetUser(others, guarded),
    rememberForgotten,
    ...guarded.map(guard),
    dropOtherGuards(guarded),
    'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA operations FROM PUBLIC;',
  ].join('\n');
}

function personalTable(table: Table, tables: readonly Table[]): PersonalTable | undefined {
  const name = `${table.schema}.${table.name}`;
  const blanks = table.columns.flatMap((column) => blankOf(name, column) ?? []);
  if (blanks.length === 0) {
    return undefined;
  }
  const way = wayToUser(table, tables);
  if (!way) {
    const columns = blanks.map((blank) => blank.name).join(', ');
    throw new TypeError(`${name}: ${columns} can be personal, and no way leads from a row to its user`);
  }
  const key = table.columns.filter(({ isKey }) => isKey).map((column) => column.name);
  const hashdiff = isVaultTable(table) ? table.hashdiff : undefined;
  return {
    name,
    way,
    key: key.filter((column) => column !== hashdiff),
    blanks,
    digest: hashdiff
      ? { name: hashdiff, value: blankDigest(table as VaultTable), isKey: key.includes(hashdiff) }
      : undefined,
  };
}

function blankOf(table: string, { name, isKey, nullable, personal }: TableColumn): Blank | undefined {
  if (!personal) {
    return undefined;
  }
  if (isKey || (!nullable && personal.blankedTo === 'NULL')) {
    throw new TypeError(
      `${table}.${name} can be personal and ${isKey ? 'is part of the key' : 'not be null'}`,
    );
  }
  return { name, value: personal.blankedTo };
}

function blankDigest(satellite: VaultTable): string {
  return digestSql(satellite, ({ table, column }) => {
    if (table !== satellite) {
      const { name } = satellite;
      throw new TypeError(
        `dds.${name} can be personal, and its hashdiff is over ${column.name} of ${table.name}`,
      );
    }
    return column.personal ? column.personal.blankedTo : column.name;
  });
}

/**
 * Locks as services do: the job of parked orders, orders by id, what hangs on them, entries. The tables that bring
 * names back are locked against writers for the last moment: who writes afterwards, also in a batch that has begun
 * before, knows whom to blank.
 */
function forgetUser(others: PersonalTable[], guarded: PersonalTable[]): string {
  return /* sql */ `
CREATE OR REPLACE FUNCTION operations.forget_user(forgotten text) RETURNS TABLE (place text, changed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
  DECLARE
    user_key uuid := dds.hash_key('h_user', forgotten);
    orders bigint[];
    merged bigint;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('stg.pending_orders'));
    SELECT array_agg(object_id) INTO orders FROM (
      SELECT object_id FROM stg.order_events WHERE payload #>> '{user,id}' = forgotten ORDER BY object_id FOR UPDATE
    ) locked;
    IF orders IS NULL
      AND NOT EXISTS (SELECT FROM stg.dictionary_entries WHERE entry_kind = 'user' AND entry_key = forgotten)
      AND NOT EXISTS (SELECT FROM dds.h_user WHERE h_user_pk = user_key)
      AND NOT EXISTS (SELECT FROM operations.forgotten_users WHERE user_id = forgotten) THEN
      RETURN;
    END IF;
    INSERT INTO operations.forgotten_users (user_id, h_user_pk) VALUES (forgotten, user_key) ON CONFLICT DO NOTHING;
${others.map(blankRows).join('')}
    LOCK TABLE ${guarded.map(({ name }) => name).join(', ')} IN SHARE ROW EXCLUSIVE MODE;
${guarded.map(blankRows).join('')}  END
$$;`;
}

/** Where the user is known on another server alone. Who may forget may call it. */
const rememberForgotten = /* sql */ `
CREATE OR REPLACE FUNCTION operations.remember_forgotten(forgotten text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO operations.forgotten_users (user_id, h_user_pk) VALUES (forgotten, dds.hash_key('h_user', forgotten))
  ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION operations.remember_forgotten IS 'Notes a user who is known on the server of another layer, before names of the user arrive';
DO $$
  BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'forgetting') THEN
      GRANT EXECUTE ON FUNCTION operations.remember_forgotten(text) TO forgetting;
    END IF;
  END
$$;`;

function blankRows({ name, way, key, blanks, digest }: PersonalTable): string {
  const ofUser = isOf('kept', way, (end) => ({ holds: `${end} ${ends[way.end]}` }));
  const differs = digest
    ? `${digest.name} <> ${digest.value}`
    : `(${blanks.map((blank) => `${blank.name}::text IS DISTINCT FROM (${blank.value})::text`).join('\n        OR ')})`;
  // Of rows that only a name distinguished one is left.
  const merge = /* sql */ `
    DELETE FROM ${name} AS surplus USING (
      SELECT ctid AS at,
        row_number() OVER (PARTITION BY ${key.join(', ')}, ${digest?.value} ORDER BY ${digest?.name}) AS number
      FROM ${name} AS kept WHERE ${ofUser}
    ) AS blank
    WHERE surplus.ctid = blank.at AND blank.number > 1;
    GET DIAGNOSTICS merged = ROW_COUNT;`;
  return /* sql */ `
    place := '${name}';
    merged := 0;${digest?.isKey ? merge : ''}
    UPDATE ${name} AS kept SET
      ${[...blanks, ...(digest ? [digest] : [])].map((blank) => `${blank.name} = ${blank.value}`).join(',\n      ')}
    WHERE ${ofUser}
      AND ${differs};
    GET DIAGNOSTICS changed = ROW_COUNT;
    changed := changed + merged;
    RETURN NEXT;
`;
}

/** What has to hold for the end of a way. */
const ends: Record<Way['end'], string> = {
  user_id: '= forgotten',
  h_user_pk: '= user_key',
  order_id: '= ANY (orders)',
};

/** A trigger is made where it is missing: that locks the table. */
function guard({ name, way, blanks, digest }: PersonalTable): string {
  const from = 'operations.forgotten_users AS gone';
  const isForgotten = isOf('NEW', way, (end) => ({ from, holds: `gone.${way.end} = ${end}` }));
  const all = [...blanks, ...(digest ? [digest] : [])];
  return /* sql */ `
CREATE OR REPLACE FUNCTION operations.${guardOf(name)}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
  BEGIN
    IF ${isForgotten} THEN
      SELECT ${all.map(({ value }) => value).join(', ')}
      INTO ${all.map((blank) => `NEW.${blank.name}`).join(', ')}
      FROM (SELECT NEW.*) AS inserted;
    END IF;
    RETURN NEW;
  END
$$;
DO $$
  BEGIN
    IF NOT EXISTS (
      SELECT FROM pg_trigger
      WHERE tgrelid = '${name}'::regclass AND tgfoid = 'operations.${guardOf(name)}'::regproc) THEN
      CREATE OR REPLACE TRIGGER forgotten_users BEFORE INSERT ON ${name}
        FOR EACH ROW EXECUTE FUNCTION operations.${guardOf(name)}();
    END IF;
  END
$$;`;
}

/** Those of tables of which no column is personal any more. */
function dropOtherGuards(guarded: PersonalTable[]): string {
  return /* sql */ `
DO $$
  DECLARE
    other regprocedure;
  BEGIN
    FOR other IN
      SELECT oid FROM pg_proc WHERE pronamespace = 'operations'::regnamespace AND proname LIKE 'blank\\_in\\_%'
        AND proname <> ALL ('{${guarded.map(({ name }) => guardOf(name)).join(',')}}')
    LOOP
      EXECUTE format('DROP FUNCTION %s CASCADE', other);
    END LOOP;
  END
$$;`;
}

function guardOf(table: string): string {
  return `blank_in_${table.replace('.', '_')}`;
}
