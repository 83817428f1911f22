import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { useEditor } from './editor-context';
import type { FormError } from './form-errors';
import { useStudio, type Studio } from './studio';

export interface ControlProps {
  id: string;
  'aria-invalid'?: 'true';
  'aria-describedby'?: string;
}

interface FieldProps {
  /** As in `fieldsOf`. */
  field: string;
  label: string;
  /** Seen only by screen readers, where the sentence around it says it to the eye. */
  isLabelUnseen?: boolean;
  class?: string;
  children: (props: ControlProps) => JSX.Element;
}

/** A control with its label, and below it what is wrong with what is in it. */
export function Field({ field, label, isLabelUnseen, children, ...rest }: FieldProps) {
  const studio = useStudio();
  const editor = useEditor();
  const id = useId();
  const own = editor.shownError(field);
  const wrong = own ? sayError(own, studio) : editor.refusals.value.get(field);
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

function sayError(error: FormError, { t, scene }: Studio): string {
  const { count } = scene.value.format;
  return typeof error === 'string'
    ? t.value.errors[error]
    : t.value.outside(count(error.least), count(error.most));
}
