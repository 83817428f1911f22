interface Versioned {
  version: string;
}

/** A version of an order, as layers have it. */
export interface OrderVersion<Staged, Vaulted> {
  version: string;
  staged: Staged | undefined;
  vaulted: Vaulted | undefined;
  /** The one that the vault had before. */
  before: Vaulted | undefined;
}

/**
 * The versions of an order that staging or the vault has, the oldest first. The page of the dashboard imports this
 * file, so it imports nothing.
 */
export function orderVersions<Staged extends Versioned, Vaulted extends Versioned>(
  staged: Staged[],
  vaulted: Vaulted[],
): OrderVersion<Staged, Vaulted>[] {
  const inVault = new Map(vaulted.map((one) => [one.version, one]));
  const atStaging = new Map(staged.map((one) => [one.version, one]));
  const known = [...new Set([...atStaging.keys(), ...inVault.keys()])].sort();
  return known.map((version, place) => {
    const before = known.slice(0, place).findLast((one) => inVault.has(one));
    return {
      version,
      staged: atStaging.get(version),
      vaulted: inVault.get(version),
      before: before === undefined ? undefined : inVault.get(before),
    };
  });
}

interface Enriched {
  entries: { kind: string; valid_from: string }[];
  earlier_menus: Record<string, string>;
}

interface MenuName {
  product_id: string;
  valid_from: string;
  name: string;
}

/** What the menu that a version was enriched with called a product; undefined where that is not known. */
export function nameOnMenu(
  product: string,
  { entries, earlier_menus }: Enriched,
  names: MenuName[],
): MenuName | undefined {
  const menu = earlier_menus[product] ?? entries.find(({ kind }) => kind === 'restaurant')?.valid_from;
  return names.find((one) => one.product_id === product && one.valid_from === menu);
}
