import type { OrderChange } from '../ledger/newest-versions';
import type { LedgerOrder } from '../ledger/read-vault-order';
import type { Counting, MartTable } from './declare-mart';
import { moneyText } from '../ledger/money-units';
import type { Amount } from './measures';

/** A row by its columns: those of the grain, and by how much the measures change, money as a decimal. */
export type RowChange = Record<string, string | number | null>;

/**
 * By the values of a dimension what is under each: the same of the next dimension, or, of the last, the amounts of a
 * row.
 */
interface Tree extends Map<string, Tree | Amount[]> {}

/**
 * How the rows of a mart change: what goes with orders as they were, and comes with them as they are, added up by
 * grain. Kept as a tree, since texts of whole grains would take twice the time to make and to sort.
 */
export class MartChanges {
  private readonly tree: Tree = new Map();

  constructor(
    private readonly counting: Counting,
    changes: readonly OrderChange[],
  ) {
    for (const { before, after } of changes) {
      if (before) {
        this.count(before, -1);
      }
      this.count(after, 1);
    }
  }

  /**
   * Adds what a measure that counts the rows of another mart changes by, as the users of a product, which are its rows
   * in the mart with the user.
   * @param moved for each row here, how many rows of that mart came, less those that went
   */
  addRows(of: MartTable, moved: readonly RowChange[]): void {
    const { grain, measures } = this.counting;
    for (const row of moved) {
      const values = grain.map(({ column }) => [String(row[column])]);
      const amounts = measures.map(({ rowsOf }) => (rowsOf === of ? Number(row.rows) : 0));
      add(this.tree, values, amounts);
    }
  }

  /** In the order of the grain, without what cancels out. */
  rows(): RowChange[] {
    const rows: RowChange[] = [];
    this.collect(this.tree, [], rows);
    return rows;
  }

  private count(order: LedgerOrder, sign: 1 | -1): void {
    const { grain, measures } = this.counting;
    const isClosed = order.status === 'CLOSED';
    if (measures[0]!.isOfClosed && !isClosed) {
      return;
    }
    const values = grain.map(({ valuesOf }) => valuesOf(order));
    const amounts = measures.map(({ isOfClosed, amountOf, zero }) => {
      const amount = isClosed || !isOfClosed ? amountOf(order) : zero;
      return sign === 1 ? amount : plus(zero, -amount);
    });
    add(this.tree, values, amounts);
  }

  private collect(tree: Tree, above: readonly string[], rows: RowChange[]): void {
    for (const value of [...tree.keys()].sort()) {
      const below = tree.get(value)!;
      if (!Array.isArray(below)) {
        this.collect(below, [...above, value], rows);
      } else if (below.some(Boolean)) {
        rows.push(this.row([...above, value], below));
      }
    }
  }

  private row(values: readonly string[], amounts: readonly Amount[]): RowChange {
    const row: RowChange = {};
    this.counting.grain.forEach(({ column }, place) => (row[column] = values[place]!));
    this.counting.measures.forEach(({ column }, place) => {
      const amount = amounts[place]!;
      row[column] = typeof amount === 'bigint' ? moneyText(amount) : amount;
    });
    return row;
  }
}

/** @param values of each dimension, in the order of the grain; those before `depth` led to the tree */
function add(
  tree: Tree,
  values: readonly (readonly string[])[],
  amounts: readonly Amount[],
  depth = 0,
): void {
  for (const value of values[depth]!) {
    const known = tree.get(value);
    if (depth < values.length - 1) {
      const below = known instanceof Map ? known : new Map<string, Tree | Amount[]>();
      tree.set(value, below);
      add(below, values, amounts, depth + 1);
    } else if (known instanceof Map || !known) {
      tree.set(value, [...amounts]);
    } else {
      amounts.forEach((amount, place) => (known[place] = plus(known[place]!, amount)));
    }
  }
}

function plus(a: Amount, b: Amount): Amount {
  return typeof a === 'bigint' ? a + BigInt(b) : a + Number(b);
}
