import type { BacktestDay } from './answers';
import { useStudio } from './studio';

/** The days as a table, for screen readers. */
export function BacktestTable({ days }: { days: BacktestDay[] }) {
  const { t: texts, scene } = useStudio();
  const t = texts.value;
  const { format } = scene.value;
  return (
    <div class="unseen">
      <table class="backtest-days">
        <caption>{t.backtestNote}</caption>
        <thead>
          <tr>
            {[t.day, t.audience, t.gotTag, t.lostTag].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, users, gained, lost }) => (
            <tr key={day}>
              <th scope="row">{format.day(day)}</th>
              <td>{format.count(users)}</td>
              <td>{format.count(gained)}</td>
              <td>{format.count(lost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
