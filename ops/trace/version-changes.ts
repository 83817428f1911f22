import type { OrderLine, VaultVersion } from '../../apps/cdm/src/trace/trace.contract';

const members = {
  status: 'status',
  made_at: 'made at',
  cost: 'cost',
  payment: 'payment',
  bonus_payment: 'paid with bonuses',
  bonus_grant: 'bonuses granted',
} as const satisfies Partial<Record<keyof VaultVersion, string>>;

/** How a version differs from the one before, a line each; without one before, all that it says. */
export function versionChanges(version: VaultVersion, before?: VaultVersion): string[] {
  const changed = Object.entries(members).flatMap(([member, name]) => {
    const now = version[member as keyof typeof members];
    const then = before?.[member as keyof typeof members];
    return now === then ? [] : [then === undefined ? `${name} ${now}` : `${name} ${then} → ${now}`];
  });
  const present = version.lines.map(lineText);
  const past = before?.lines.map(lineText) ?? [];
  const gone = without(past, present).map((line) => `- ${line}`);
  const come = without(present, past).map((line) => `+ ${line}`);
  return before ? [...changed, ...gone, ...come] : [changed.join(', '), ...come];
}

/** A line as ordered. */
export function lineText({ product_id: product, name, price, quantity, category }: OrderLine): string {
  return `${quantity} × ${name} at ${price} (dish ${product}, ${category})`;
}

/** The texts that are left of a list when each of another has taken one that is equal. */
function without(texts: string[], others: string[]): string[] {
  const left = [...others];
  return texts.filter((text) => {
    const place = left.indexOf(text);
    if (place !== -1) {
      left.splice(place, 1);
    }
    return place === -1;
  });
}
