import { Check } from 'typeorm/decorator/Check.js';
import { ForeignKey } from 'typeorm/decorator/ForeignKey.js';
import { Index } from 'typeorm/decorator/Index.js';
import { Unique } from 'typeorm/decorator/Unique.js';
import { Column } from 'typeorm/decorator/columns/Column.js';
import { PrimaryColumn } from 'typeorm/decorator/columns/PrimaryColumn.js';
import { Entity } from 'typeorm/decorator/entity/Entity.js';
import type { ColumnOptions, PrimaryColumnOptions } from 'typeorm';

/*
 * The tables of a Data Vault, each declared once, in the words of the method, over the decorators of TypeORM. What loads a table, checks
 * it or describes it asks `tableOf` its class. TypeORM's decorators are taken from their own files: its index loads every driver.
 */

export type ColumnType = 'uuid' | 'text' | 'timestamp' | 'integer' | 'bigint' | 'numeric';

export interface VaultColumn {
  name: string;
  type: ColumnType;
  /** Part of the primary key, by which rows of a batch are folded and sorted. */
  isKey: boolean;
}

export interface VaultTable {
  /** Without the schema. */
  name: string;
  kind: 'hub' | 'link' | 'satellite';
  /** In their declared order, without what PostgreSQL or the loader adds to each row. */
  columns: readonly VaultColumn[];
  /** The column of the digest over the attributes, of satellites. */
  hashdiff?: string;
  /** What the hashdiff is over, in the order of its parts: names of columns, or of members that are no columns. */
  attributes: readonly string[];
  /** Hubs or links that its rows refer to. */
  parents: readonly VaultTable[];
}

/** The class of a table. Nobody makes instances: rows are plain objects. */
export type VaultClass<Row = object> = abstract new () => Row;

/** What every row says of its loading. */
export abstract class VaultRow {
  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the row was loaded' })
  load_dt!: Date;

  @Column({ type: 'text', comment: 'Record source: the topic that the row came from' })
  load_src!: string;
}

interface Draft {
  role:
    | 'key'
    | 'business key'
    | 'parent'
    | 'order version'
    | 'sub-sequence'
    | 'valid from'
    | 'attribute'
    | 'hashdiff';
  type: ColumnType;
  comment: string;
  options?: Pick<ColumnOptions, 'collation' | 'nullable' | 'precision' | 'scale'>;
  parent?: () => VaultClass;
  /** Values below it are refused. */
  least?: number;
  /** The unique index is over its MD5: a text may be longer than an entry of an index. */
  isLong?: boolean;
  /** What the hashdiff is over that is no column. */
  over?: string[];
}

/** By the prototype of their class, whose own decorator comes last. */
const drafts = new WeakMap<object, Map<string, Draft>>();
const tables = new WeakMap<object, VaultTable>();

/** @throws where the class is not declared as a table of the vault */
export function tableOf(entity: VaultClass): VaultTable {
  const table = tables.get(entity);
  if (!table) {
    throw new TypeError(`${entity.name} is not declared as hub, link or satellite`);
  }
  return table;
}

/** Things that have a business key. */
export function Hub(name: string, comment: string): ClassDecorator {
  return (entity) => {
    const columns = declareTable(entity, 'hub', name, comment);
    for (const [property, { role, isLong }] of columns) {
      if (role === 'business key') {
        const index = `${name}_${property}_key`;
        (isLong ? Index(index, { synchronize: false }) : Unique(index, [property]))(entity);
      }
    }
  };
}

/** @param drivingKey the parent that has one such link at most; without it the parents together are unique */
export function Link(
  name: string,
  comment: string,
  { drivingKey }: { drivingKey?: string } = {},
): ClassDecorator {
  return (entity) => {
    const columns = declareTable(entity, 'link', name, comment);
    const parents = [...columns].filter(([, { role }]) => role === 'parent').map(([property]) => property);
    (drivingKey ? Unique(`${name}_${drivingKey}_key`, [drivingKey]) : Unique(`${name}_key`, parents))(entity);
  };
}

/** What is told of a hub or link, with its history: a row each time that it is told otherwise, or for each order version. */
export function Satellite(name: string, comment: string): ClassDecorator {
  return (entity) => {
    declareTable(entity, 'satellite', name, comment);
  };
}

/** Hash key of the hub or link itself. */
export function HashKey(comment: string): PropertyDecorator {
  return column({ role: 'key', type: 'uuid', comment });
}

/** What the source calls the thing. */
export function BusinessKey(
  type: 'text' | 'bigint',
  comment: string,
  { isLong = false } = {},
): PropertyDecorator {
  const options = type === 'text' ? { collation: 'C' } : {};
  return column({ role: 'business key', type, comment: `Business key: ${comment}`, options, isLong });
}

/** Hash key of the hub or link that the row belongs to; of a link one of several. */
export function Parent(parent: () => VaultClass, comment: string): PropertyDecorator {
  return column({ role: 'parent', type: 'uuid', comment, parent });
}

/** The version of the order that the row is of: one row, or one for each line, an order version. */
export function OrderVersion(): PropertyDecorator {
  return column({
    role: 'order version',
    type: 'text',
    comment: 'The order version',
    options: { collation: 'C' },
  });
}

/** Place of the row among those of one version, of a multi-active satellite. */
export function SubSequence(comment: string): PropertyDecorator {
  return column({ role: 'sub-sequence', type: 'integer', comment, least: 1 });
}

/** Since when it is so at the source. Part of the key where there is no order version. */
export function ValidFrom(comment: string): PropertyDecorator {
  return column({ role: 'valid from', type: 'timestamp', comment });
}

export function Text(comment: string, { nullable = false } = {}): PropertyDecorator {
  return column({ role: 'attribute', type: 'text', comment, options: { nullable } });
}

export function Time(comment: string): PropertyDecorator {
  return column({ role: 'attribute', type: 'timestamp', comment });
}

export function Money(comment: string): PropertyDecorator {
  return column({
    role: 'attribute',
    type: 'numeric',
    comment,
    options: { precision: 19, scale: 5 },
    least: 0,
  });
}

export function Count(comment: string): PropertyDecorator {
  return column({ role: 'attribute', type: 'bigint', comment, least: 1 });
}

/**
 * Digest of the attributes in their declared order.
 * @param over what it is over where that is no column, by the name of the member of the row
 */
export function Hashdiff(comment: string, ...over: string[]): PropertyDecorator {
  return column({ role: 'hashdiff', type: 'uuid', comment, over });
}

/** A row as code gives it: by name, without what is added while it is loaded. */
export type NewRow<Row> = {
  [Name in keyof Row as Name extends keyof VaultRow | `hk_${string}_hashdiff` ? never : Name]: Row[Name];
};

function column(draft: Draft): PropertyDecorator {
  return (prototype, property) => {
    drafts.set(prototype, (drafts.get(prototype) ?? new Map()).set(String(property), draft));
  };
}

// The type of the parameter of a ClassDecorator.
// oxlint-disable-next-line typescript/no-unsafe-function-type
function declareTable(
  entity: Function,
  kind: VaultTable['kind'],
  name: string,
  comment: string,
): Map<string, Draft> {
  const prototype = entity.prototype as object;
  const columns = drafts.get(prototype) ?? new Map<string, Draft>();
  const all = [...columns];
  const keys = keyRoles(kind, all);
  const isKey = ({ role }: Draft) => keys.includes(role);

  Entity({ schema: 'dds', name, comment })(entity);
  for (const [property, draft] of all) {
    const { type, comment: said, options, parent, least } = draft;
    const settings = { ...options, type, comment: said };
    (isKey(draft) ? PrimaryColumn(settings as PrimaryColumnOptions) : Column(settings))(prototype, property);
    if (parent) {
      ForeignKey(parent as () => new () => object, { name: `${name}_${property}_fkey` })(prototype, property);
    }
    if (least !== undefined) {
      Check(`${name}_${property}_check`, `${property} >= ${least}`)(entity);
    }
  }
  const hashdiff = all.find(([, { role }]) => role === 'hashdiff');
  tables.set(entity, {
    name,
    kind,
    columns: all.map(([property, draft]) => ({ name: property, type: draft.type, isKey: isKey(draft) })),
    hashdiff: hashdiff?.[0],
    attributes: [
      ...(kind === 'satellite'
        ? all.filter(([, { role }]) => role === 'attribute').map(([property]) => property)
        : []),
      ...(hashdiff?.[1].over ?? []),
    ],
    get parents() {
      return all.flatMap(([, { parent }]) => (parent ? tableOf(parent()) : []));
    },
  });
  return columns;
}

/** An order version says all of an order at once; what the dictionary or a status says stands with its time and its digest. */
function keyRoles(kind: VaultTable['kind'], columns: [string, Draft][]): Draft['role'][] {
  if (kind !== 'satellite') {
    return ['key'];
  }
  return columns.some(([, { role }]) => role === 'order version')
    ? ['parent', 'order version', 'sub-sequence']
    : ['parent', 'valid from', 'hashdiff'];
}
