import { useEditor } from './editor-context';
import type { FormError } from './form-errors';
import { Labelled, type LabelledProps } from './labelled';
import { useStudio, type Studio } from './studio';

interface FieldProps extends Omit<LabelledProps, 'wrong'> {
  /** As in `fieldsOf`. */
  field: string;
}

/** A control of the rule that is filled in. */
export function Field({ field, ...labelled }: FieldProps) {
  const studio = useStudio();
  const editor = useEditor();
  const own = editor.shownError(field);
  const refusal = editor.refusals.value.get(field);
  const refused = refusal && studio.t.value.refusal(refusal.message);
  return <Labelled {...labelled} wrong={own ? sayError(own, studio) : refused} />;
}

function sayError(error: FormError, { t, scene }: Studio): string {
  const { count } = scene.value.format;
  return typeof error === 'string'
    ? t.value.errors[error]
    : t.value.outside(count(error.least), count(error.most));
}
