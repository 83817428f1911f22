import { NumberField } from './bound-fields';
import { Choice } from './choice';
import { useEditor } from './editor-context';
import { Field } from './field';
import type { ConditionForm, PeriodKind } from './rule-form';
import { useStudio } from './studio';

const periods: readonly PeriodKind[] = ['ever', 'last', 'dates'];

/** When: ever, in the last days, or between two days. */
export function PeriodFields({ condition, place }: { condition: ConditionForm; place: string }) {
  const { t } = useStudio();
  const editor = useEditor();
  const { count, period, days } = condition;
  return (
    <>
      <Choice
        field={`${place}.period`}
        label={t.value.period}
        value={period}
        options={count === 'first_order' ? periods.slice(1) : periods}
        text={(one) => t.value.periods[one]}
        choose={(chosen) => editor.editCondition(place, { period: chosen })}
      />
      {period === 'last' && (
        <>
          <NumberField
            field={`${place}.last_days`}
            label={t.value.days}
            value={days}
            put={(text) => editor.editCondition(place, { days: text }, 'last_days')}
          />
          <span>{t.value.days}</span>
        </>
      )}
      {period === 'dates' && (
        <>
          <DayField condition={condition} place={place} end="from" />
          <span>–</span>
          <DayField condition={condition} place={place} end="to" />
        </>
      )}
    </>
  );
}

function DayField({
  condition,
  place,
  end,
}: {
  condition: ConditionForm;
  place: string;
  end: 'from' | 'to';
}) {
  const { t } = useStudio();
  const editor = useEditor();
  return (
    <Field field={`${place}.${end}`} label={t.value[end]} isLabelUnseen>
      {(control) => (
        <input
          {...control}
          type="date"
          value={condition[end]}
          onChange={(event) => editor.editCondition(place, { [end]: event.currentTarget.value }, end)}
        />
      )}
    </Field>
  );
}
