import {
  versionChanges,
  type ComparedLine,
  type ComparedMember,
  type ComparedVersion,
} from '@app/contracts/version-changes';

const names: Record<ComparedMember, string> = {
  status: 'status',
  made_at: 'made at',
  cost: 'cost',
  payment: 'payment',
  bonus_payment: 'paid with bonuses',
  bonus_grant: 'bonuses granted',
};

/** How a version differs from the one before, a line each; without one before, all that it says. */
export function changeTexts(version: ComparedVersion, before?: ComparedVersion): string[] {
  const { members, gone, come } = versionChanges(version, before);
  const changed = members.map(({ member, was, now }) =>
    was === undefined ? `${names[member]} ${now}` : `${names[member]} ${was} → ${now}`,
  );
  return [
    ...(before ? changed : [changed.join(', ')]),
    ...gone.map((line) => `- ${lineText(line)}`),
    ...come.map((line) => `+ ${lineText(line)}`),
  ];
}

/** A line as ordered. */
function lineText({ product_id: product, name, price, quantity, category }: ComparedLine): string {
  return `${quantity} × ${name} at ${price} (dish ${product}, ${category})`;
}
