import { Choice } from './choice';
import { useEditor } from './editor-context';
import { Field } from './field';
import type { Bound, ConditionForm } from './rule-form';
import { useStudio } from './studio';

const bounds: readonly Bound[] = ['at_least', 'at_most', 'between'];
const orderUnits = ['orders', 'items'] as const;

/** How many times, portions, days or how much money. */
export function BoundFields({ condition, place }: { condition: ConditionForm; place: string }) {
  const { t } = useStudio();
  const editor = useEditor();
  const { count, bound, atLeast, atMost } = condition;
  return (
    <>
      <Choice
        field={`${place}.bound`}
        label={t.value.limit}
        value={bound}
        options={bounds}
        text={(one) => t.value.bounds[one]}
        choose={(chosen) => editor.editCondition(place, boundAs(condition, chosen))}
      />
      {bound !== 'at_most' && (
        <NumberField
          field={`${place}.at_least`}
          label={t.value.bounds.at_least}
          value={atLeast}
          put={(text) => editor.editCondition(place, { atLeast: text }, 'at_least')}
        />
      )}
      {bound === 'between' && <span>–</span>}
      {bound !== 'at_least' && (
        <NumberField
          field={`${place}.at_most`}
          label={t.value.bounds.at_most}
          value={atMost}
          put={(text) => editor.editCondition(place, { atMost: text }, 'at_most')}
        />
      )}
      {count === 'orders' || count === 'items' ? (
        <Choice
          field={`${place}.unit`}
          label={t.value.unit}
          value={count}
          options={orderUnits}
          text={(unit) => t.value.units[unit]}
          choose={(unit) => editor.editCondition(place, { count: unit })}
        />
      ) : (
        <span>{count === 'money' ? t.value.units.money : t.value.units.days}</span>
      )}
    </>
  );
}

interface NumberFieldProps {
  field: string;
  label: string;
  value: string;
  put: (text: string) => void;
}

/** A number as text: a field of numbers keeps what is none to itself, so nobody could say what is wrong. */
export function NumberField({ field, label, value, put }: NumberFieldProps) {
  return (
    <Field field={field} label={label} isLabelUnseen>
      {(control) => (
        <input
          {...control}
          type="text"
          class="number"
          inputMode="decimal"
          autocomplete="off"
          value={value}
          onInput={(event) => put(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Another limit; the number that was typed goes where it is asked for. */
function boundAs({ atLeast, atMost }: ConditionForm, bound: Bound): Partial<ConditionForm> {
  const known = atLeast || atMost;
  return {
    bound,
    atLeast: bound === 'at_most' ? atLeast : atLeast || known,
    atMost: bound === 'at_least' ? atMost : atMost || known,
  };
}
