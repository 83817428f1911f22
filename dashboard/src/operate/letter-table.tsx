import type { Letter } from './answers';
import { Go } from '../access/go';
import type { Column } from '../scene/chart';
import { sheetTime } from '../scene/sheet-time';
import { placeOf } from './letter-place';
import { useOperateDesk, type OperateDesk } from './operate-desk';
import { WideTable } from './wide-table';

/** Dead letters, a row each; the time leads to the whole one. */
export function LetterTable({ letters, isFading }: { letters: Letter[]; isFading: boolean }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { format, t: general } = desk.scene.value;
  const columns = [t.refusedAt, general.service, general.reason, t.field, t.order, t.message, t.state];
  return (
    <WideTable heading="letters-title" columns={columns} isFading={isFading}>
      {letters.map((letter) => (
        <tr key={placeOf(letter)}>
          <td class="text time">
            <Go change={{ letter: placeOf(letter) }}>
              {letter.refused_at ? format.instant(letter.refused_at) : placeOf(letter)}
            </Go>
          </td>
          <td class="text">{letter.service}</td>
          <td class="text">
            {letter.reason ? (general.reasons[letter.reason] ?? letter.reason) : t.noLetter}
          </td>
          <td class="text code">{letter.field}</td>
          <td class="text">
            {letter.order_id && (
              <Go change={{ page: 'order', order: letter.order_id, letter: undefined }}>{letter.order_id}</Go>
            )}
          </td>
          <td class="text code">{letter.message}</td>
          <td class="text">{t.states[letter.state]}</td>
        </tr>
      ))}
    </WideTable>
  );
}

/** What a file has of them. */
export function letterColumns(desk: OperateDesk): Column<Letter>[] {
  const t = desk.t.value;
  const { t: general } = desk.scene.value;
  return [
    { name: t.refusedAt, value: ({ refused_at: at }) => at && sheetTime(at), kind: 'time' },
    { name: general.service, value: ({ service }) => service },
    {
      name: general.reason,
      value: ({ reason }) => (reason ? (general.reasons[reason] ?? reason) : t.noLetter),
    },
    { name: t.field, value: ({ field }) => field },
    { name: t.order, value: ({ order_id: order }) => order, kind: 'number' },
    { name: t.message, value: ({ message }) => message },
    { name: t.letterPlace, value: placeOf },
    { name: t.state, value: ({ state }) => t.states[state]! },
    { name: t.doer, value: ({ done_by: by }) => by },
    { name: t.doneAt, value: ({ done_at: at }) => at && sheetTime(at), kind: 'time' },
  ];
}
