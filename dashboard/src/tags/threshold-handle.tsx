import type { HistogramScale } from './histogram-scale';
import { sliderKey } from './slider-key';

interface ThresholdHandleProps {
  scale: HistogramScale;
  /** 0 to 1. */
  position: number;
  value: number;
  label: string;
  text: string;
  change: (value: number) => void;
}

/** A threshold that is dragged, or moved by keys. */
export function ThresholdHandle({ scale, position, value, label, text, change }: ThresholdHandleProps) {
  const { least, most } = scale;
  const put = (wanted: number) => change(Math.min(Math.max(wanted, least), most));
  const drag = (event: PointerEvent) => {
    const handle = event.currentTarget as HTMLElement;
    if (handle.hasPointerCapture(event.pointerId)) {
      const { left, width } = handle.parentElement!.getBoundingClientRect();
      put(scale.at((event.clientX - left) / width));
    }
  };
  const press = (event: KeyboardEvent) => {
    const leap = Math.max(1, Math.round((most - least) / 10));
    const wanted = sliderKey(event.key, value, { least, most, leap });
    if (wanted !== undefined) {
      event.preventDefault();
      change(wanted);
    }
  };
  return (
    <div
      class="threshold"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={value}
      aria-valuetext={text}
      style={{ left: `${position * 100}%` }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
      }}
      onPointerMove={drag}
      onKeyDown={press}
    >
      <span class="threshold-value">{text}</span>
    </div>
  );
}
