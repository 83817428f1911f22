import { useStudio } from './studio';

interface SwitchProps {
  isOn: boolean;
  label: string;
  turn: () => void;
}

/** Turns something on and off. */
export function Switch({ isOn, label, turn }: SwitchProps) {
  const t = useStudio().t.value;
  return (
    <button type="button" role="switch" class="switch" aria-checked={isOn} aria-label={label} onClick={turn}>
      <span class="state-word" aria-hidden="true">
        {isOn ? t.on : t.off}
      </span>
    </button>
  );
}
