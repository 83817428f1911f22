import { Check } from 'typeorm/decorator/Check.js';
import { ForeignKey } from 'typeorm/decorator/ForeignKey.js';
import { Index } from 'typeorm/decorator/Index.js';
import { Unique } from 'typeorm/decorator/Unique.js';
import { Column } from 'typeorm/decorator/columns/Column.js';
import { PrimaryColumn } from 'typeorm/decorator/columns/PrimaryColumn.js';
import { Entity } from 'typeorm/decorator/entity/Entity.js';
import { ViewEntity } from 'typeorm/decorator/entity-view/ViewEntity.js';
import type { ColumnOptions, PrimaryColumnOptions } from 'typeorm';

/*
 * Tables and their columns, each declared once over the decorators of TypeORM. What writes a table, checks it,
 * describes it or blanks a user in it asks `declarationOf` its class. TypeORM's decorators are taken from their own
 * files: its index loads every driver.
 */

/** As PostgreSQL calls them. */
export type ColumnType =
  | 'uuid'
  | 'text'
  | 'timestamp'
  | 'timestamptz'
  | 'date'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'boolean'
  | TextLike;

/** Anything can stand in them. */
type TextLike = 'text' | 'json' | 'jsonb' | 'bytea';

/**
 * `false`: nothing of a person. Otherwise what is left of it when a user is forgotten, as an expression of SQL over the
 * row.
 */
export type Personal = false | { blankedTo: string };

/** Stands for a name that must not be empty. */
export const FORGOTTEN_NAME = `'[forgotten]'`;

/**
 * How rows about a user are found: by a column with the id (text) or the hash key (uuid) of the user or of the
 * order. Tables of the vault say it by their parents.
 */
export type BelongsTo = { user: string; where?: Record<string, string> } | { order: string };

/**
 * Where the rows of a table are on a distributed PostgreSQL: spread over the nodes, each where a column says; all of
 * them on every node; or all on the coordinator.
 */
export type Place = { spreadBy: string } | 'everywhere' | 'one node';

export interface TableColumn {
  name: string;
  comment: string;
  type: ColumnType;
  /** Part of the primary key. */
  isKey: boolean;
  nullable?: boolean;
  /** A list of values. */
  array?: boolean;
  /** Said of each column that can hold text. */
  personal?: Personal;
}

export interface View {
  schema: string;
  /** Without the schema. */
  name: string;
  comment: string;
  /** In their declared order; of a table without those of `added`. */
  columns: readonly TableColumn[];
}

export interface Table extends View {
  /** What PostgreSQL or the loader adds to each row. */
  added: readonly TableColumn[];
  belongsTo?: BelongsTo;
  place: Place;
}

/** The class of a table. Nobody makes instances: rows are plain objects. */
export type TableClass<Row = object> = abstract new () => Row;

export interface Settings extends Pick<
  ColumnOptions,
  'array' | 'collation' | 'default' | 'nullable' | 'precision' | 'scale'
> {
  /** Part of the primary key. */
  key?: boolean;
  generated?: 'identity' | 'uuid';
  /** By its MD5 where a text may be longer than an entry of an index. */
  unique?: boolean | 'md5';
  /** What has to hold, after the name of the column: `> 0`. */
  check?: string;
  references?: () => TableClass;
  /** PostgreSQL or the loader adds it to each row. */
  isAdded?: boolean;
}

/** A column before its table is known. */
export interface Draft extends Settings {
  type: ColumnType;
  comment: string;
  personal?: Personal;
  /** What it is for, in the words of a kind of table. */
  role?: string;
  /** What a digest is over that is no column. */
  over?: string[];
}

export type NamedDraft = Draft & { name: string };

/** By the prototype of their class, whose own decorator comes last. */
const drafts = new WeakMap<object, Map<string, Draft>>();
/** Tables, by their classes. */
export const declarations = new WeakMap<object, Table>();
/** Views, by their classes. */
export const views = new WeakMap<object, View>();

/** @throws where the class is not declared as a table */
export function declarationOf(entity: TableClass): Table {
  const table = declarations.get(entity);
  if (!table) {
    throw new TypeError(`${entity.name} is not declared as a table`);
  }
  return table;
}

/** What a column is declared with, by its type. */
export type Said<Type extends ColumnType, Answer = Personal> = Type extends TextLike
  ? [settings: Settings & { personal: Answer }]
  : [settings?: Settings];

/** A column. One that can hold text says whether it can hold personal data. */
export function Field<Type extends ColumnType>(
  type: Type,
  comment: string,
  ...[settings]: Said<Type>
): PropertyDecorator {
  return draft({ ...settings, type, comment });
}

/** @param name with its schema */
export function Table(
  name: string,
  comment: string,
  { belongsTo, place }: { belongsTo?: BelongsTo; place?: Place } = {},
): ClassDecorator {
  return (entity) => {
    declareTable(entity, name, comment, { belongsTo, place });
  };
}

/**
 * A view; a migration contains its query.
 * @param name with its schema
 */
export function View(name: string, comment: string): ClassDecorator {
  return (entity) => {
    declareView(entity, name, comment);
  };
}

/** Notes a column for the decorator of its class. */
export function draft(column: Draft): PropertyDecorator {
  return (prototype, property) => {
    drafts.set(prototype, (drafts.get(prototype) ?? new Map()).set(String(property), column));
  };
}

interface Described {
  belongsTo?: BelongsTo;
  /** Default: one node. */
  place?: Place;
  /** Which columns are the primary key, where they do not say so themselves. */
  isKey?: (column: Draft, all: readonly Draft[]) => boolean;
}

/**
 * Makes a class an entity of TypeORM. Constraints are named as PostgreSQL names them.
 * @param name with its schema
 * @returns its columns, inherited ones last
 */
export function declareTable(
  // The type of the parameter of a ClassDecorator.
  // oxlint-disable-next-line typescript/no-unsafe-function-type
  entity: Function,
  name: string,
  comment: string,
  { belongsTo, place = 'one node', isKey = ({ key = false }) => key }: Described = {},
): readonly NamedDraft[] {
  const [schema, table] = name.split('.') as [string, string];
  const all = inherited(entity.prototype as object);
  Entity({ schema, name: table, comment })(entity);
  for (const { prototype, ...column } of all) {
    declareColumn(prototype, column, isKey(column, all));
    constrain(entity, table, column);
  }
  const columns = all.map((column) => ({ ...column, isKey: isKey(column, all) }));
  declarations.set(entity, {
    schema,
    name: table,
    comment,
    columns: columns.filter(({ isAdded }) => !isAdded),
    added: columns.filter(({ isAdded }) => isAdded),
    belongsTo,
    place,
  });
  return all;
}

/**
 * Makes a class the entity of a view; a migration contains its query.
 * @param name with its schema
 * @returns its columns
 */
// oxlint-disable-next-line typescript/no-unsafe-function-type
export function declareView(entity: Function, name: string, comment: string): readonly NamedDraft[] {
  const [schema, view] = name.split('.') as [string, string];
  const all = inherited(entity.prototype as object);
  ViewEntity({ schema, name: view, synchronize: false })(entity);
  for (const { prototype, generated: _generated, ...column } of all) {
    declareColumn(prototype, column, false);
  }
  views.set(entity, { schema, name: view, comment, columns: all.map((one) => ({ ...one, isKey: false })) });
  return all;
}

function inherited(prototype: object | null): (NamedDraft & { prototype: object })[] {
  if (!prototype) {
    return [];
  }
  const own = Array.from(drafts.get(prototype) ?? [], ([name, column]) => ({ ...column, name, prototype }));
  return [...own, ...inherited(Object.getPrototypeOf(prototype) as object | null)];
}

function declareColumn(prototype: object, { name, generated, ...column }: NamedDraft, isKey: boolean): void {
  const options = {
    ...column,
    ...(generated && { generated }),
    ...(generated === 'identity' && { generatedIdentity: 'BY DEFAULT' as const }),
    unique: false,
  };
  (isKey ? PrimaryColumn(options as PrimaryColumnOptions) : Column(options))(prototype, name);
}

// oxlint-disable-next-line typescript/no-unsafe-function-type
function constrain(entity: Function, table: string, { name, unique, check, references }: NamedDraft): void {
  if (unique === 'md5') {
    Index(`${table}_${name}_key`, { synchronize: false })(entity);
  } else if (unique) {
    Unique(`${table}_${name}_key`, [name])(entity);
  }
  if (check) {
    Check(`${table}_${name}_check`, `${name} ${check}`)(entity);
  }
  if (references) {
    const key = { name: `${table}_${name}_fkey` };
    ForeignKey(references as () => new () => object, key)(entity.prototype as object, name);
  }
}
