import type { MenuName, StagedVersion, VaultVersion } from '../../apps/cdm/src/trace/trace.contract';
import { textTable } from '../command/text-table';
import { placeText } from '../dead-letters/read-dead-letter';
import { isKnown, type OrderTrace } from './trace-order';
import { versionChanges } from './version-changes';

/** The life of an order for people. It has ids of persons, and no names. */
export function traceText(trace: OrderTrace): string {
  const { order_id: orderId, vault } = trace;
  if (!isKnown(trace)) {
    const places = trace.dead_letters ? 'in any layer, nor among the dead letters' : 'in any layer';
    return `There is no order ${orderId} ${places}.`;
  }
  const parties = vault ? ` of user ${vault.source_user_id} at restaurant ${vault.restaurant_id}` : '';
  return [
    `Order ${orderId}${parties}`,
    ...versionTexts(trace),
    statusText(trace),
    countedText(trace),
    deadLetterText(trace),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

/** A paragraph for each version, the oldest first. */
function versionTexts({ staged, vault }: OrderTrace): string[] {
  const inVault = new Map(vault?.versions.map((version) => [version.version, version]));
  const known = knownVersions({ staged, vault });
  return known.map((version, place) => {
    const atStaging = staged.find((one) => one.version === version);
    const atVault = inVault.get(version);
    const before = known.slice(0, place).findLast((one) => inVault.has(one));
    const lines = [
      atStaging
        ? `sent ${atStaging.sent_at}, staged ${atStaging.staged_at}`
        : 'not in staging: it was removed there, or this is another database',
      atVault ? `in the vault ${atVault.in_vault_at}` : 'not in the vault',
      ...(atStaging?.entries ?? []).map(({ kind, id, valid_from }) => `${kind} ${id} as of ${valid_from}`),
      ...waitingTexts(atStaging?.waiting),
      ...(atVault ? versionChanges(atVault, before === undefined ? undefined : inVault.get(before)) : []),
      ...(atVault && atStaging ? menuTexts(atVault, atStaging, vault!.menu_names) : []),
    ];
    const newest = place === known.length - 1 ? ', the newest' : ', superseded';
    return [`Version ${place + 1}${newest}: ${version}`, ...lines.map((line) => `  ${line}`)].join('\n');
  });
}

/** Of staging and vault, the oldest first. */
function knownVersions({ staged, vault }: Pick<OrderTrace, 'staged' | 'vault'>): string[] {
  return [...new Set([...staged, ...(vault?.versions ?? [])].map(({ version }) => version))].sort();
}

function waitingTexts(waiting: OrderTrace['staged'][number]['waiting'] | undefined): string[] {
  if (!waiting) {
    return [];
  }
  const missing = waiting.missing.map(({ kind, id }) => `${kind} ${id}`).join(', ');
  return [
    `parked since ${waiting.since}: the dictionary lacks ${missing}`,
    `tried ${waiting.attempts} times, next at ${waiting.next_attempt_at}; its message is ${waiting.message}`,
  ];
}

function statusText({ vault }: OrderTrace): string | undefined {
  return vault
    ? `Statuses: ${vault.statuses.map(({ status, since }) => `${status} ${since}`).join(' → ')}`
    : undefined;
}

/** The dishes that the menu, as the version was enriched with it, called by another name than the order. */
function menuTexts(
  { lines }: VaultVersion,
  { entries, earlier_menus }: StagedVersion,
  menu_names: MenuName[],
): string[] {
  const menu = entries.find(({ kind }) => kind === 'restaurant')?.valid_from;
  return lines.flatMap(({ product_id: product, name }) => {
    const valid_from = earlier_menus[product] ?? menu;
    const known = menu_names.find((one) => one.product_id === product && one.valid_from === valid_from);
    return known && known.name !== name
      ? [`dish ${product} is ${known.name} on the menu of ${valid_from}`]
      : [];
  });
}

function countedText({ counted, ...layers }: OrderTrace): string {
  if (!counted) {
    return 'The marts do not have it yet.';
  }
  const { version, status, counted_at, rows, tags } = counted;
  return [
    `The marts have version ${knownVersions(layers).indexOf(version) + 1}, ${status}, since ${counted_at}. It counts in`,
    textTable(
      [['mart', 'of', 'orders now'], ...rows.map(({ mart, of, orders }) => [mart, of, String(orders)])],
      [0, 1],
    ),
    ...tags.map(({ event, tag, orders, at }) => `Tag ${tag} ${event} at ${at}, orders: ${orders}`),
  ].join('\n');
}

function deadLetterText({ dead_letters: deadLetters }: OrderTrace): string | undefined {
  if (!deadLetters?.length) {
    return deadLetters && 'No message about it was refused.';
  }
  const rows = deadLetters.map(({ place, refusedAt, reason, source }) => [
    placeText(place),
    refusedAt,
    reason,
    source ? placeText(source) : '',
  ]);
  return textTable([['dead letter', 'refused at', 'reason', 'message'], ...rows], [0, 1, 2, 3]);
}
