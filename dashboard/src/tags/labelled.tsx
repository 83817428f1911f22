import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface ControlProps {
  id: string;
  'aria-invalid'?: 'true';
  'aria-describedby'?: string;
}

export interface LabelledProps {
  label: string;
  /** Seen only by screen readers, where the sentence around it says it to the eye. */
  isLabelUnseen?: boolean;
  class?: string;
  /** What is wrong with what is in it. */
  wrong?: string;
  children: (props: ControlProps) => JSX.Element;
}

/** A control with its label, and below it what is wrong with what is in it. */
export function Labelled({ label, isLabelUnseen, wrong, children, ...rest }: LabelledProps) {
  const id = useId();
  return (
    <span class={`field ${rest.class ?? ''}`}>
      <label for={id} class={isLabelUnseen ? 'unseen' : undefined}>
        {label}
      </label>
      {children({
        id,
        'aria-invalid': wrong ? 'true' : undefined,
        'aria-describedby': wrong ? `${id}-wrong` : undefined,
      })}
      {wrong && (
        <span class="wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </span>
      )}
    </span>
  );
}
