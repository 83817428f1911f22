import { nameOnMenu, orderVersions } from '@app/contracts/order-versions';
import type { MenuName, StagedVersion, VaultVersion } from '../../apps/cdm/src/trace/trace.contract';
import { textTable } from '../command/text-table';
import { placeText } from '@app/operations/message-place';
import { changeTexts } from './change-texts';
import { isKnown, type OrderTrace } from './trace-order';

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
  const versions = orderVersions(staged, vault?.versions ?? []);
  return versions.map(({ version, staged: atStaging, vaulted, before }, place) => {
    const lines = [
      atStaging
        ? `sent ${atStaging.sent_at}, staged ${atStaging.staged_at}`
        : 'not in staging: it was removed there, or this is another database',
      ...(atStaging?.message ? [`received as ${atStaging.message}`] : []),
      vaulted ? `in the vault ${vaulted.in_vault_at}` : 'not in the vault',
      ...(atStaging?.entries ?? []).map(({ kind, id, valid_from }) => `${kind} ${id} as of ${valid_from}`),
      ...waitingTexts(atStaging?.waiting),
      ...(vaulted ? changeTexts(vaulted, before) : []),
      ...(vaulted && atStaging ? menuTexts(vaulted, atStaging, vault!.menu_names) : []),
    ];
    const newest = place === versions.length - 1 ? ', the newest' : ', superseded';
    return [`Version ${place + 1}${newest}: ${version}`, ...lines.map((line) => `  ${line}`)].join('\n');
  });
}

function waitingTexts(waiting: OrderTrace['staged'][number]['waiting'] | undefined): string[] {
  if (!waiting) {
    return [];
  }
  const missing = waiting.missing.map(({ kind, id }) => `${kind} ${id}`).join(', ');
  return [
    `parked since ${waiting.since}: the dictionary lacks ${missing}`,
    `tried ${waiting.attempts} times, next at ${waiting.next_attempt_at}`,
  ];
}

function statusText({ vault }: OrderTrace): string | undefined {
  return vault
    ? `Statuses: ${vault.statuses.map(({ status, since }) => `${status} ${since}`).join(' → ')}`
    : undefined;
}

/** The dishes that the menu, as the version was enriched with it, called by another name than the order. */
function menuTexts({ lines }: VaultVersion, staged: StagedVersion, names: MenuName[]): string[] {
  return lines.flatMap(({ product_id: product, name }) => {
    const onMenu = nameOnMenu(product, staged, names);
    return onMenu && onMenu.name !== name
      ? [`dish ${product} is ${onMenu.name} on the menu of ${onMenu.valid_from}`]
      : [];
  });
}

function countedText({ counted, ...layers }: OrderTrace): string {
  if (!counted) {
    return 'The marts do not have it yet.';
  }
  const { version, status, counted_at, rows, tags } = counted;
  const versions = orderVersions(layers.staged, layers.vault?.versions ?? []);
  const number = versions.findIndex((one) => one.version === version) + 1;
  return [
    `The marts have version ${number}, ${status}, since ${counted_at}. It counts in`,
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
