import type { Count } from './answers';
import { BoundFields } from './bound-fields';
import { Choice } from './choice';
import { useEditor } from './editor-context';
import { MatchFields } from './match-fields';
import { PeriodFields } from './period-fields';
import { counting, hasBound, hasMatch, hasPeriod, type ConditionForm } from './rule-form';
import { useStudio } from './studio';

interface ConditionLineProps {
  condition: ConditionForm;
  place: string;
  /** Whether it is the only one, which stays. */
  isOnly: boolean;
}

/** What guests did: `orders` stands for items too, which are another unit. */
const verbs = ['orders', 'money', 'days_since_last_order', 'first_order'] as const;
type Verb = (typeof verbs)[number];
type Said = Verb | `not ${Verb}`;
const sayings: readonly Said[] = [...verbs, ...verbs.map((verb): Said => `not ${verb}`)];

/** One condition: a part of the sentence with gaps. */
export function ConditionLine({ condition, place, isOnly }: ConditionLineProps) {
  const { t } = useStudio();
  const editor = useEditor();
  const { count, not } = condition;
  const verb: Verb = count === 'items' ? 'orders' : count;
  const choose = (said: Said) => {
    const chosen = said.replace('not ', '') as Verb;
    const counted: Count = chosen === 'orders' && count === 'items' ? 'items' : chosen;
    editor.editCondition(place, counting(condition, counted, said.startsWith('not ')));
  };
  return (
    <div
      class={editor.counted.value === place ? 'condition counted' : 'condition'}
      role="group"
      aria-label={t.value.conditionNumber(
        place
          .split('.')
          .map((one) => Number(one) + 1)
          .join('.'),
      )}
      onFocusIn={() => (editor.counted.value = place)}
    >
      <Choice
        field={`${place}.count`}
        label={t.value.whatTheyDid}
        value={not ? (`not ${verb}` as const) : verb}
        options={sayings}
        text={(said) => t.value.verbs[said]}
        choose={choose}
      />
      {hasMatch(count) && <MatchFields condition={condition} place={place} />}
      {hasBound(count) && <BoundFields condition={condition} place={place} />}
      {hasPeriod(count) && <PeriodFields condition={condition} place={place} />}
      {!isOnly && (
        <button
          type="button"
          class="tool remove"
          aria-label={t.value.removeCondition}
          title={t.value.removeCondition}
          onClick={({ currentTarget }) => {
            const sentence = currentTarget.closest('.rule-sentence');
            editor.remove(place);
            sentence?.querySelector<HTMLElement>('.add-condition')?.focus();
          }}
        >
          ×
        </button>
      )}
    </div>
  );
}
