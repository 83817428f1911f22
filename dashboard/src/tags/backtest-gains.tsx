import type { Backtest } from './answers';
import { useStudio } from './studio';

/** Who would have got the tag, and on which day. Nothing for a viewer. */
export function BacktestGains({ gains }: { gains: Backtest['gains'] }) {
  const { t: texts, scene } = useStudio();
  const t = texts.value;
  return gains.length === 0 ? null : (
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
