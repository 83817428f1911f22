import { Unique } from 'typeorm/decorator/Unique.js';
import {
  declarationOf,
  declarations,
  declareTable,
  draft,
  Field,
  type Draft,
  type Said,
  type Table,
  type TableColumn,
  type TableClass,
} from './columns';

/*
 * The tables of a Data Vault, each declared once, in the words of the method. What loads a table, checks it or
 * describes it asks `tableOf` its class.
 */

export interface VaultTable extends Table {
  kind: 'hub' | 'link' | 'satellite';
  /** The column of what the source calls the thing, of hubs. */
  businessKey?: string;
  /** The column of the digest over the attributes, of satellites. */
  hashdiff?: string;
  /** What the hashdiff is over, in the order of its parts: names of columns, or of members that are no columns. */
  attributes: readonly string[];
  /** Hubs or links that its rows refer to, and by which columns. */
  parents: readonly { column: string; table: VaultTable }[];
  /** Of rows that belong to a user: the column with the number of the bucket. */
  bucket?: TableColumn;
  /** The column of a link whose parent has one such link at most. */
  drivingKey?: string;
}

/** What every row says of its loading. */
export abstract class VaultRow {
  @Field('timestamptz', 'Когда загружена строка / When the row was loaded', {
    isAdded: true,
    default: () => 'now()',
  })
  load_dt!: Date;

  @Field(
    'text',
    'Источник записи: топик, из которого пришла строка / Record source: the topic that the row came from',
    { isAdded: true, personal: false },
  )
  load_src!: string;
}

/** Of rows that belong to a user, as orders do: on a distributed PostgreSQL they are where the user is. */
export abstract class UserRow extends VaultRow {
  @Bucket()
  bucket!: number | null;
}

/** @throws where the class is not declared as a table of the vault */
export function tableOf(entity: TableClass): VaultTable {
  const table = declarations.get(entity);
  if (!table || !isVaultTable(table)) {
    throw new TypeError(`${entity.name} is not declared as hub, link or satellite`);
  }
  return table;
}

export function isVaultTable(table: Table): table is VaultTable {
  return 'kind' in table;
}

/** Things that have a business key. */
export function Hub(name: string, comment: string): ClassDecorator {
  return (entity) => declareVaultTable(entity, 'hub', name, comment);
}

/** @param drivingKey the parent that has one such link at most; without it the parents together are unique */
export function Link(
  name: string,
  comment: string,
  { drivingKey }: { drivingKey?: string } = {},
): ClassDecorator {
  return (entity) => declareVaultTable(entity, 'link', name, comment, drivingKey);
}

/**
 * What is said of a hub or link, with its history: a row each time that it changes, or for each order
 * version.
 */
export function Satellite(name: string, comment: string): ClassDecorator {
  return (entity) => declareVaultTable(entity, 'satellite', name, comment);
}

/** Hash key of the hub or link itself. */
export function HashKey(comment: string): PropertyDecorator {
  return draft({ role: 'key', type: 'uuid', comment });
}

/** What the source calls the thing. It stays when a user is forgotten, so it must not be personal. */
export function BusinessKey<Type extends 'text' | 'bigint'>(
  type: Type,
  comment: string,
  ...[settings]: Said<Type, false>
): PropertyDecorator {
  const collation = type === 'text' ? 'C' : undefined;
  return draft({
    unique: true,
    ...settings,
    role: 'business key',
    type,
    collation,
    comment,
  });
}

/** Hash key of the hub or link that the row belongs to; of a link one of several. */
export function Parent(parent: () => TableClass, comment: string): PropertyDecorator {
  return draft({ role: 'parent', type: 'uuid', comment, references: parent });
}

/** The version of the order that the row is of: one row, or one for each line, an order version. */
export function OrderVersion(): PropertyDecorator {
  const settings = { type: 'text', collation: 'C', personal: false } as const;
  const comment = 'Версия заказа / The order version';
  return draft({ ...settings, comment, role: 'order version' });
}

/** Place of the row among those of one version, of a multi-active satellite. */
export function SubSequence(comment: string): PropertyDecorator {
  return draft({ role: 'sub-sequence', type: 'integer', comment, check: '>= 1' });
}

/** Since when it is so at the source. Part of the key where there is no order version. */
export function ValidFrom(comment: string): PropertyDecorator {
  return draft({ role: 'valid from', type: 'timestamp', comment });
}

export function Money(comment: string): PropertyDecorator {
  return draft({ type: 'numeric', comment, precision: 19, scale: 5, check: '>= 0' });
}

export function Count(comment: string): PropertyDecorator {
  return draft({ type: 'bigint', comment, check: '>= 1' });
}

/**
 * Digest of the attributes in their declared order: the columns without another part.
 * @param over what it is over where that is no column, by the name of the member of the row
 */
export function Hashdiff(comment: string, ...over: string[]): PropertyDecorator {
  return draft({ role: 'hashdiff', type: 'uuid', comment, over });
}

function Bucket(): PropertyDecorator {
  const comment =
    'Первые 15 бит хеш-ключа гостя; пусто в строках прежних выпусков / The first 15 bits of the hash key of the user; empty in rows of earlier releases';
  return draft({ role: 'bucket', type: 'smallint', comment, nullable: true, isAdded: true });
}

/** A row as code gives it: by name, without what is added while it is loaded. */
export type NewRow<Row> = {
  [Name in keyof Row as Name extends keyof UserRow | `hk_${string}_hashdiff` ? never : Name]: Row[Name];
};

function declareVaultTable(
  // oxlint-disable-next-line typescript/no-unsafe-function-type
  entity: Function,
  kind: VaultTable['kind'],
  name: string,
  comment: string,
  drivingKey?: string,
): void {
  const hasBucket = entity.prototype instanceof UserRow;
  const all = declareTable(entity, `dds.${name}`, comment, {
    isKey: ({ role = '' }, drafts) => keyRoles(kind, drafts).includes(role),
    place: hasBucket ? { spreadBy: 'bucket' } : 'everywhere',
  });
  const of = (role?: string) => all.filter((column) => column.role === role && !column.isAdded);
  const [hashdiff] = of('hashdiff');
  const parents = of('parent');
  if (kind === 'link') {
    const unique = drivingKey ? [drivingKey] : parents.map((parent) => parent.name);
    Unique([name, ...(drivingKey ? [drivingKey] : []), 'key'].join('_'), unique)(entity);
  }
  const declared = declarationOf(entity as never);
  const described: VaultTable = {
    ...declared,
    kind,
    bucket: hasBucket ? declared.added.find((column) => column.name === 'bucket') : undefined,
    businessKey: of('business key')[0]?.name,
    drivingKey,
    hashdiff: hashdiff?.name,
    attributes: kind === 'satellite' ? [...of().map((column) => column.name), ...(hashdiff?.over ?? [])] : [],
    get parents() {
      return parents.map((parent) => ({ column: parent.name, table: tableOf(parent.references!()) }));
    },
  };
  declarations.set(entity, described);
}

/**
 * An order version says all of an order at once; what the dictionary or a status says stands with its time and its
 * digest.
 */
function keyRoles(kind: VaultTable['kind'], columns: readonly Draft[]): string[] {
  if (kind !== 'satellite') {
    return ['key'];
  }
  return columns.some(({ role }) => role === 'order version')
    ? ['parent', 'order version', 'sub-sequence']
    : ['parent', 'valid from', 'hashdiff'];
}
