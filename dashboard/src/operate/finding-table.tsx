import { Go } from '../access/go';
import { mayAs } from '../access/caller';
import type { Finding } from './answers';
import { useOperateDesk } from './operate-desk';
import { WideTable } from './wide-table';

/** Findings, a row each. */
export function FindingTable({ findings, isFading }: { findings: Finding[]; isFading: boolean }) {
  const t = useOperateDesk().t.value;
  const columns = [t.foundAt, t.round, t.table, t.rowKey, t.column, t.expected, t.found, t.closedAt];
  return (
    <WideTable heading="findings-title" columns={columns} isFading={isFading}>
      {findings.map((finding) => (
        <FindingRow
          key={`${finding.table} ${keyText(finding)} ${finding.column} ${finding.found_at}`}
          finding={finding}
        />
      ))}
    </WideTable>
  );
}

function FindingRow({ finding }: { finding: Finding }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { format, t: general } = desk.scene.value;
  const { what, table, key, column, against, expected, found, found_at: since, closed_at: closed } = finding;
  const order = mayAs('analyst', desk.caller.value) ? key.object_id : undefined;
  return (
    <tr>
      <td class="text time">{format.instant(since)}</td>
      <td class="text">{general.auditedThings[what] ?? what}</td>
      <td class="text code" title={`${t.against}: ${against}`}>
        {table}
      </td>
      <td class="text code">
        {order ? <Go change={{ page: 'order', order }}>{keyText(finding)}</Go> : keyText(finding)}
      </td>
      <td class="text code">{column === '*' ? t.wholeRow : column}</td>
      <td class="text code">{expected ?? t.none}</td>
      <td class="text code">{found ?? t.none}</td>
      <td class="text time">{closed ? format.instant(closed) : '—'}</td>
    </tr>
  );
}

/** A column and its value each. */
export function keyText({ key }: Finding): string {
  return Object.entries(key)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
