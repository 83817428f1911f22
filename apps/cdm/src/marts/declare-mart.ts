import { Unique } from 'typeorm/decorator/Unique.js';
import { declarationOf, declareTable, draft, type Table, type TableClass } from '@app/data-vault/columns';
import { dimensions, type Dimension, type DimensionKey, type DimensionName } from './dimensions';
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

export interface MartTable extends Table, Counting {
  names: readonly NameColumn[];
  /** Whether replicas meet at its rows. Those of a user are written by the replica that holds the user. */
  isShared: boolean;
  /** Marts with a measure that is the number of its rows. */
  countedBy: MartTable[];
}

export interface NameColumn extends DimensionName {
  of: Dimension;
}

/** By the prototype of their class, whose own decorator comes last. */
const columns = new WeakMap<object, { measures: MeasureColumn[]; names: NameColumn[] }>();
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
 * A mart in `cdm`.
 * @param grain the dimensions of its columns, in the order of the key. One whose names spread comes before the user, so
 *   that the key finds the rows of a thing
 */
export function Mart(name: string, grain: readonly DimensionKey[], comment: string): ClassDecorator {
  return (entity) => {
    const key = grain.map((dimension) => dimensions[dimension]);
    const all = declareTable(entity, `cdm.${name}`, comment, {
      isKey: ({ role }, drafts) => role === (drafts.some(isNumber) ? 'row number' : 'dimension'),
    });
    if (all.some(isNumber)) {
      Unique(
        `${name}_key`,
        key.map(({ column }) => column),
      )(entity);
    }
    const mart: MartTable = {
      ...declarationOf(entity as never),
      ...columnsOf(entity.prototype as object),
      grain: key,
      isShared: !grain.includes('user'),
      countedBy: [],
    };
    mart.measures.forEach(({ rowsOf }) => rowsOf?.countedBy.push(mart));
    marts.set(entity, mart);
  };
}

/** Number of the row, its primary key; without it the grain is. */
export function RowNumber(): PropertyDecorator {
  const comment = 'Number of the row';
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
  const known = columns.get(prototype) ?? { measures: [], names: [] };
  columns.set(prototype, known);
  return known;
}

function isNumber({ role }: { role?: string }): boolean {
  return role === 'row number';
}
