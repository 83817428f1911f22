import { Unique } from 'typeorm/decorator/Unique.js';
import {
  declareTable,
  declareView,
  draft,
  type Draft,
  type NamedDraft,
  type Place,
  type TableClass,
} from '@app/data-vault/columns';
import { dimensions, type Dimension, type DimensionKey, type DimensionName } from './dimensions';
import { inEnglish, inRussian } from '@app/data-vault/comment';
import { measures, type Measure, type MeasureKey } from './measures';

/*
 * Marts that count orders of the ledger, each declared once: what a row is of, what is added up for it, and which names
 * it shows. What changes a mart, counts it again, or compares it asks `martOf` its class.
 */

/** What rows are of, and what is added up for them. */
export interface Counting {
  /** In the order in which rows are sorted, written and locked. */
  grain: readonly Dimension[];
  /** The first says how many orders a row stands for: where it falls to zero, the row leaves. */
  measures: readonly MeasureColumn[];
}

export interface MeasureColumn extends Measure {
  column: string;
  /** The mart that it is the number of rows of: it changes when those come and go. */
  rowsOf?: MartTable;
}

export interface MartTable extends Counting {
  /** Under which it is read, without the schema. */
  name: string;
  /** All that it is read by, but for the number of a row. */
  columns: readonly { name: string }[];
  names: readonly NameColumn[];
  /**
   * Where it is written: in a table of its own name, whose rows belong to users, each written by the replica that holds
   * the user; or, where replicas meet, in slots.
   */
  slots?: Slots;
  /** Marts with a measure that is the number of its rows. */
  countedBy: MartTable[];
}

/**
 * A mart at whose rows replicas meet is a view: it adds up the rows of a table that has the grain once for each slot. A
 * transaction adds to one slot, which no other adds to at that time, so nobody waits. Rows of a slot may be negative,
 * where an order left that came by another slot; only their sum says something.
 */
export interface Slots {
  /** With its schema. */
  table: string;
  entity: TableClass;
}

/** The column with the number of the slot. */
export const SLOT = 'slot';

export interface NameColumn extends DimensionName {
  of: Dimension;
}

/** By the prototype of their class, whose own decorator comes last. */
const noted = new WeakMap<object, { measures: MeasureColumn[]; names: NameColumn[] }>();
const marts = new WeakMap<object, MartTable>();

/** @throws where the class is not declared as a mart */
export function martOf(entity: TableClass): MartTable {
  const mart = marts.get(entity);
  if (!mart) {
    throw new TypeError(`${entity.name} is not declared as a mart`);
  }
  return mart;
}

/**
 * A mart in `cdm`: a table, or, where the user is not in its grain, a view over slots.
 * @param grain the dimensions of its columns, in the order of the key. One whose names spread comes before the user, so
 *   that the key finds the rows of a thing
 */
export function Mart(name: string, grain: readonly DimensionKey[], comment: string): ClassDecorator {
  return (entity) => {
    const key = grain.map((dimension) => dimensions[dimension]);
    const hasUser = grain.includes('user');
    const all = hasUser
      ? declareRows(entity, name, comment, key, { spreadBy: dimensions.user.column })
      : declareView(entity, `cdm.${name}`, comment);
    const shown = columnsOf(entity.prototype as object);
    const mart: MartTable = {
      name,
      columns: all.filter((column) => !isNumber(column)),
      ...shown,
      grain: key,
      slots: hasUser ? undefined : declareSlots(name, comment, key, withoutKept(all, shown.names)),
      countedBy: [],
    };
    mart.measures.forEach(({ rowsOf }) => rowsOf?.countedBy.push(mart));
    marts.set(entity, mart);
  };
}

/** The table of the rows of a mart, each grain once. */
function declareRows(
  // The type of the parameter of a ClassDecorator.
  // oxlint-disable-next-line typescript/no-unsafe-function-type
  entity: Function,
  table: string,
  comment: string,
  grain: readonly { column: string }[],
  place: Place,
): readonly NamedDraft[] {
  const all = declareTable(entity, `cdm.${table}`, comment, {
    isKey: ({ role }, drafts) => role === (drafts.some(isNumber) ? 'row number' : 'dimension'),
    place,
  });
  if (all.some(isNumber)) {
    Unique(
      `${table}_key`,
      grain.map(({ column }) => column),
    )(entity);
  }
  return all;
}

/** A name that a table keeps is read there. */
function withoutKept(columns: readonly NamedDraft[], names: readonly NameColumn[]): NamedDraft[] {
  return columns.filter(({ name }) => !names.some(({ column, table }) => table && column === name));
}

/** The table of the slots of a mart. A row that only takes away from it comes without a name. */
function declareSlots(
  mart: string,
  comment: string,
  grain: readonly Dimension[],
  columns: readonly NamedDraft[],
): Slots {
  const table = `${mart}_slots`;
  // The class of a table: it has no members, since nobody makes instances.
  // oxlint-disable-next-line typescript/no-extraneous-class
  const entity = { [table]: class {} }[table]!;
  const slot: Draft = {
    role: 'dimension',
    type: 'integer',
    comment: 'Слот: какая транзакция прибавляет к строке / Slot: which transaction adds to the row',
  };
  for (const { name, check: _check, ...column } of columns) {
    draft({ ...column, nullable: column.role !== 'dimension' && column.type === 'text' })(
      entity.prototype,
      name,
    );
  }
  draft(slot)(entity.prototype, SLOT);
  declareRows(entity, table, inSlots(comment, mart), [...grain, { column: SLOT }], 'one node');
  return { table: `cdm.${table}`, entity };
}

function inSlots(comment: string, mart: string): string {
  return (
    `${inRussian(comment)}: по слотам, которые складывает cdm.${mart}` +
    ` / ${inEnglish(comment)}, in slots that cdm.${mart} adds up`
  );
}

/** Number of the row, its primary key; without it the grain is. */
export function RowNumber(): PropertyDecorator {
  const comment = 'Номер строки / Number of the row';
  return draft({ role: 'row number', type: 'bigint', comment, generated: 'identity', isAdded: true });
}

/** What the row is of. The property is called as the column of the dimension. */
export function Of(key: DimensionKey): PropertyDecorator {
  const { type, comment } = dimensions[key];
  return draft({ role: 'dimension', type, comment });
}

/** The name of what the row is of. The property is called as the column of the name. */
export function NameOf(key: DimensionKey): PropertyDecorator {
  return (prototype, property) => {
    const of = dimensions[key];
    columnsOf(prototype).names.push({ ...of.name!, of });
    draft({ type: 'text', comment: of.name!.comment, personal: false })(prototype, property);
  };
}

/** What is added up over the orders of the row. */
export function Sum(key: Exclude<MeasureKey, 'users'>): PropertyDecorator {
  return measured(measures[key]);
}

/** Of how many users the CLOSED orders are: the number of rows of a mart with the same grain and the user. */
export function Users(counter: TableClass): PropertyDecorator {
  return measured(measures.users, martOf(counter));
}

function measured(measure: Measure, rowsOf?: MartTable): PropertyDecorator {
  return (prototype, property) => {
    const { measures: others } = columnsOf(prototype);
    const { type, comment } = measure;
    const size = type === 'numeric' ? { precision: 24, scale: 5 } : {};
    draft({ ...size, type, comment, check: others.length === 0 ? '> 0' : '>= 0' })(prototype, property);
    others.push({ ...measure, column: String(property), rowsOf });
  };
}

function columnsOf(prototype: object): { measures: MeasureColumn[]; names: NameColumn[] } {
  const known = noted.get(prototype) ?? { measures: [], names: [] };
  noted.set(prototype, known);
  return known;
}

function isNumber({ role }: { role?: string }): boolean {
  return role === 'row number';
}
