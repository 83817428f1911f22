import { healthOf } from './completeness';
import type { AuditState, ServiceState } from './questions/answers';
import type { Column, Scene } from './scene/chart';
import { sheetTime } from './scene/sheet-time';
import type { StateList } from './state-table';

export type ParkedRow = ServiceState['parked'][number] & { service: string };
export type RefusedRow = ServiceState['dead_letters'][number] & { service: string };
export type RoundRow = AuditState['rounds'][number];

export const parkedList: StateList<ParkedRow> = {
  name: 'parked',
  title: (t) => t.parked,
  note: (t) => t.parkedNote,
  none: (t) => t.noParked,
  columns: ({ t, format }) => [
    { name: t.service, value: ({ service }) => service },
    { name: t.missing, value: ({ missing }) => t.missingThings[missing] ?? missing },
    { name: t.orders, value: ({ orders }) => orders, write: format.count },
  ],
};

export const deadLetterList: StateList<RefusedRow> = {
  name: 'dead-letters',
  title: (t) => t.deadLetters,
  note: (t) => t.deadLettersNote,
  none: (t) => t.noDeadLetters,
  columns: ({ t, format }) => [
    { name: t.service, value: ({ service }) => service },
    { name: t.reason, value: ({ reason }) => t.reasons[reason] ?? reason },
    { name: t.messages, value: ({ messages }) => messages, write: format.count },
    { name: t.openLetters, value: ({ open }) => open, write: format.count },
  ],
};

/** What the auditor has looked at, and since when all of it. */
export const auditList: StateList<RoundRow> = {
  name: 'audit',
  title: (t) => t.audit,
  note: (t) => t.auditNote,
  none: (t) => t.noAudit,
  columns: ({ t, format }) => [
    { name: t.audited, value: ({ what }) => t.auditedThings[what] ?? what },
    {
      name: t.auditedSince,
      value: ({ covered_since: since }) => since && sheetTime(since),
      write: (since: string | null) => (since === null ? '—' : format.moment(since)),
      kind: 'time',
    },
    { name: t.auditedRows, value: ({ checked }) => checked, write: format.count },
    { name: t.auditedWrong, value: ({ wrong }) => wrong, write: format.count },
  ],
};

/** What the cards of the services say, as columns of a file. @param at when it was so */
export function serviceColumns({ t }: Scene, at: string): Column<ServiceState>[] {
  return [
    { name: t.service, value: ({ service }) => service },
    { name: t.health, value: (service) => t[healthOf(service, at)] },
    { name: t.lag, value: ({ lag }) => lag, kind: 'number' },
    { name: t.speed, value: ({ messages_per_second: speed }) => speed, kind: 'number' },
    { name: t.freshnessSeconds, value: ({ freshness_seconds: seconds }) => seconds, kind: 'number' },
    {
      name: t.newestOrder,
      value: ({ newest_version: newest }) => newest && String(newest.object_id),
      kind: 'number',
    },
    { name: t.newestVersion, value: ({ newest_version: newest }) => newest && newest.order_version },
    { name: t.storedAt, value: ({ newest_version: newest }) => newest && sheetTime(newest.at), kind: 'time' },
    { name: t.reportedAt, value: ({ seen_at: seen }) => seen && sheetTime(seen), kind: 'time' },
  ];
}
