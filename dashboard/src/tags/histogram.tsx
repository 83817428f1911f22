import type { Bar } from './answers';
import { HistogramScale } from './histogram-scale';
import { numberOf, type ConditionForm } from './rule-form';
import { useStudio } from './studio';
import { ThresholdHandle } from './threshold-handle';

export type End = 'at_least' | 'at_most';

interface HistogramProps {
  bars: Bar[];
  condition: ConditionForm;
  change: (end: End, value: number) => void;
}

/** Guests by their number, and the threshold of the condition as a handle. */
export function Histogram({ bars, condition, change }: HistogramProps) {
  const { t, scene } = useStudio();
  const { format } = scene.value;
  const { bound, count } = condition;
  const isWhole = count !== 'money';
  const scale = new HistogramScale(bars, isWhole);
  const most = Math.max(...bars.map(({ users }) => users));
  const least = bound === 'at_most' ? undefined : numberOf(condition.atLeast);
  const limit = bound === 'at_least' ? undefined : numberOf(condition.atMost);
  const isIn = ({ from, to }: Bar) =>
    (least === undefined || to >= least) && (limit === undefined || from <= limit);
  const write = (value: number) => (isWhole ? format.count(value) : format.sum(value));
  const range = (bar: Bar) =>
    bar.from === bar.to ? write(bar.from) : `${write(bar.from)} – ${write(bar.to)}`;
  const within = bars.filter(isIn).reduce((sum, { users }) => sum + users, 0);
  const spoken = t.value.histogram(
    format.count(bars.reduce((sum, { users }) => sum + users, 0)),
    format.count(within),
  );
  return (
    <>
      <div class="bars-box">
        <div class="bars" role="img" aria-label={spoken}>
          {bars.map((bar) => (
            <span
              key={bar.from}
              class={isIn(bar) !== condition.not ? 'bar in' : 'bar'}
              title={`${range(bar)}: ${format.count(bar.users)}`}
              // Few guests beside many are still seen, and none are not.
              style={{ height: bar.users ? `max(2px, ${(bar.users / most) * 100}%)` : '0' }}
            />
          ))}
        </div>
        {least !== undefined && (
          <ThresholdHandle
            scale={scale}
            position={scale.begin(least)}
            value={least}
            label={t.value.bounds.at_least}
            text={write(least)}
            change={(value) => change('at_least', Math.max(1, value))}
          />
        )}
        {limit !== undefined && (
          <ThresholdHandle
            scale={scale}
            position={scale.end(limit)}
            value={limit}
            label={t.value.bounds.at_most}
            text={write(limit)}
            change={(value) => change('at_most', Math.max(0, value))}
          />
        )}
      </div>
      <div class="scale">
        <span>{write(scale.least)}</span>
        <span>{write(scale.most)}</span>
      </div>
    </>
  );
}
