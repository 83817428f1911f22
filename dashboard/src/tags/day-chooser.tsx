import type { ComponentChildren } from 'preact';
import type { BacktestDay } from './answers';
import { sliderKey } from './slider-key';
import { useStudio } from './studio';

const WEEK = 7;

interface DayChooserProps {
  days: BacktestDay[];
  /** The place of a day. */
  chosen: number;
  choose: (place: number) => void;
  /** The days as a line. */
  children: ComponentChildren;
}

/** Chooses a day by the pointer, or by keys. */
export function DayChooser({ days, chosen, choose, children }: DayChooserProps) {
  const { t, scene } = useStudio();
  const { day, count } = scene.value.format;
  const last = days.length - 1;
  const { day: date, users, gained, lost } = days[chosen]!;
  const put = (place: number) => choose(Math.min(Math.max(place, 0), last));
  const point = (event: PointerEvent) => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    put(Math.round(((event.clientX - left) / width) * last));
  };
  const press = (event: KeyboardEvent) => {
    const wanted = sliderKey(event.key, chosen, { least: 0, most: last, leap: WEEK });
    if (wanted !== undefined) {
      event.preventDefault();
      choose(wanted);
    }
  };
  return (
    <div
      class="days-line"
      role="slider"
      tabIndex={0}
      aria-label={t.value.day}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={chosen}
      aria-valuetext={t.value.dayWas(day(date), count(users), count(gained), count(lost))}
      onPointerDown={point}
      onPointerMove={point}
      onKeyDown={press}
    >
      {children}
      <i class="day-mark" style={{ left: `${(chosen / last) * 100}%` }} />
    </div>
  );
}
