import type { Overview } from './answers';
import { sparklinePath } from './sparkline-path';
import { useStudio } from './studio';

const WIDTH = 150;
const HEIGHT = 34;

/** The audience of the last days as a small line. */
export function Sparkline({ days }: { days: Overview['days'] }) {
  const { t, scene } = useStudio();
  const { format } = scene.value;
  const values = days.map(({ users }) => users);
  const spoken = t.value.sparkline(
    format.count(values[0] ?? 0),
    format.count(values[values.length - 1] ?? 0),
  );
  return (
    <svg class="sparkline" role="img" aria-label={spoken} viewBox={`-2 -3 ${WIDTH + 4} ${HEIGHT + 6}`}>
      <path d={sparklinePath(values, WIDTH, HEIGHT)} />
    </svg>
  );
}
