import { useSignal } from '@preact/signals';
import type { BacktestDay } from './answers';
import { BacktestTable } from './backtest-table';
import { DayChooser } from './day-chooser';
import { sparklinePath } from './sparkline-path';
import { useStudio } from './studio';

const WIDTH = 300;
const HEIGHT = 100;

/** The audience of each day as a line. The day that is chosen on it is said below. */
export function BacktestLine({ days }: { days: BacktestDay[] }) {
  const { format } = useStudio().scene.value;
  const last = days.length - 1;
  const chosen = useSignal(last);
  const all = days.map(({ users }) => users);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const { day, users, gained, lost } = days[chosen.value]!;
  return (
    <>
      <div class="days-box">
        <div class="days-scale" aria-hidden="true">
          <span>{format.count(most)}</span>
          {least < most && <span>{format.count(least)}</span>}
        </div>
        <DayChooser days={days} chosen={chosen.value} choose={(place) => (chosen.value = place)}>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            <path d={sparklinePath(all, WIDTH, HEIGHT)} />
          </svg>
        </DayChooser>
        <div class="scale">
          {[0, last].map((place) => (
            <span key={place}>{`${format.shortDay(days[place]!.day)}: ${format.count(all[place]!)}`}</span>
          ))}
        </div>
      </div>
      <p class="effect" id="backtest-day" aria-hidden="true">
        {format.day(day)}: <strong>{format.count(users)}</strong>{' '}
        <span class="gained">+{format.count(gained)}</span> <span class="lost">−{format.count(lost)}</span>
      </p>
      <BacktestTable days={days} />
    </>
  );
}
