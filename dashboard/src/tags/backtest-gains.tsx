import type { Column } from '../scene/chart';
import { TableFiles } from '../scene/table-files';
import type { Backtest } from './answers';
import { useStudio } from './studio';
import type { TagTexts } from './tag-texts';

type Gain = Backtest['gains'][number];

/** Who would have got the tag, and on which day. Nothing for a viewer. */
export function BacktestGains({ gains }: { gains: Gain[] }) {
  const { t: texts, scene } = useStudio();
  const t = texts.value;
  return gains.length === 0 ? null : (
    <>
      <TableFiles
        scene={scene.value}
        name="backtest-guests"
        title={t.gains}
        columns={gainColumns(t)}
        rows={() => gains}
      />
      <GainTable gains={gains} />
    </>
  );
}

function GainTable({ gains }: { gains: Gain[] }) {
  const { t: texts, scene } = useStudio();
  const t = texts.value;
  return (
    <div class="wide gains" role="region" tabIndex={0} aria-label={t.gains}>
      <table class="sample">
        <caption>{t.gains}</caption>
        <thead>
          <tr>
            <th scope="col" class="text">
              {t.guest}
            </th>
            <th scope="col" class="text">
              {t.day}
            </th>
          </tr>
        </thead>
        <tbody>
          {gains.map(({ user_id, source_user_id, day }) => (
            <tr key={`${user_id} ${day}`}>
              <td class="text">{source_user_id}</td>
              <td class="text">{scene.value.format.day(day)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function gainColumns(t: TagTexts): Column<Gain>[] {
  return [
    { name: t.guest, value: ({ source_user_id: guest }) => guest },
    { name: t.guestKey, value: ({ user_id: key }) => key },
    { name: t.day, value: ({ day }) => `${day} 00:00:00`, kind: 'time' },
  ];
}
