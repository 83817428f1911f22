import { Field } from './field';

interface ChoiceProps<Value extends string> {
  field: string;
  label: string;
  value: Value;
  options: readonly Value[];
  text: (value: Value) => string;
  choose: (value: Value) => void;
}

/** One of several, within a sentence. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { field, label, value, options, text, choose } = props;
  return (
    <Field field={field} label={label} isLabelUnseen>
      {(control) => (
        <select {...control} value={value} onChange={(event) => choose(event.currentTarget.value as Value)}>
          {options.map((option) => (
            <option key={option} value={option}>
              {text(option)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
