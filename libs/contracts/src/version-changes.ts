/** A line of an order, as ordered. */
export interface ComparedLine {
  product_id: string;
  name: string;
  price: string;
  quantity: string;
  category: string;
}

/** What versions of an order are compared by. Decimals are texts, with every digit. */
export interface ComparedVersion {
  status: string;
  made_at: string;
  cost: string;
  payment: string;
  bonus_payment: string;
  bonus_grant: string;
  lines: ComparedLine[];
}

const members = ['status', 'made_at', 'cost', 'payment', 'bonus_payment', 'bonus_grant'] as const;
export type ComparedMember = (typeof members)[number];

export interface VersionChanges {
  /** `was` is undefined where there is no version before. */
  members: { member: ComparedMember; was: string | undefined; now: string }[];
  /** Lines of the version before that this one lacks, and those that it has instead. */
  gone: ComparedLine[];
  come: ComparedLine[];
}

/**
 * How a version differs from the one before; without one before, all that it says. The page of the dashboard and the
 * terminal put it into words: the page imports this file, so it imports nothing.
 */
export function versionChanges(version: ComparedVersion, before?: ComparedVersion): VersionChanges {
  const past = before?.lines ?? [];
  return {
    members: members
      .map((member) => ({ member, was: before?.[member], now: version[member] }))
      .filter(({ was, now }) => was !== now),
    gone: without(past, version.lines),
    come: without(version.lines, past),
  };
}

/** The lines that are left of a list when each of another has taken one that is equal. */
function without(lines: ComparedLine[], others: ComparedLine[]): ComparedLine[] {
  const left = others.map(keyOf);
  return lines.filter((line) => {
    const place = left.indexOf(keyOf(line));
    if (place !== -1) {
      left.splice(place, 1);
    }
    return place === -1;
  });
}

function keyOf({ product_id, name, price, quantity, category }: ComparedLine): string {
  return JSON.stringify([product_id, name, price, quantity, category]);
}
