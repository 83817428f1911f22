import type { Join } from './answers';
import { Choice } from './choice';
import { ConditionLine } from './condition-line';
import { placedConditions } from './field-paths';
import { errorsOf } from './form-errors';
import { useEditor } from './editor-context';
import { inputOf, isGroup, type GroupForm } from './rule-form';
import { sentenceOf } from './sentence';
import { speechOf } from './speech';
import { useStudio } from './studio';

const MOST_CONDITIONS = 20;
const joins: readonly Join[] = ['all_of', 'any_of'];

/** "Guests who ...": the conditions of a rule, and what joins them. */
export function RuleSentence() {
  const { t } = useStudio();
  const editor = useEditor();
  const { items, join } = editor.form.value;
  const isFull = placedConditions(editor.form.value).length >= MOST_CONDITIONS;
  return (
    <div class="rule-sentence" role="group" aria-label={t.value.conditions}>
      <p class="lead">
        {t.value.guestsWho}
        {items.length > 1 && (
          <JoinChoice field="join" join={join} choose={(chosen) => editor.edit({ join: chosen })} />
        )}
      </p>
      <ol class="conditions">
        {items.map((item, place) => (
          <li key={item.key}>
            {isGroup(item) ? (
              <ConditionGroup group={item} place={place} isFull={isFull} />
            ) : (
              <ConditionLine condition={item} place={String(place)} isOnly={items.length === 1} />
            )}
          </li>
        ))}
      </ol>
      <div class="buttons">
        <button
          type="button"
          class="tool add-condition"
          disabled={isFull}
          onClick={() => editor.addCondition()}
        >
          + {t.value.addCondition}
        </button>
        <button type="button" class="tool" disabled={isFull} onClick={() => editor.addGroup()}>
          + {t.value.addGroup}
        </button>
      </div>
      <Summary />
    </div>
  );
}

function ConditionGroup({ group, place, isFull }: { group: GroupForm; place: number; isFull: boolean }) {
  const { t } = useStudio();
  const editor = useEditor();
  return (
    <div class="group" role="group" aria-label={t.value.group}>
      <p class="lead">
        <JoinChoice
          field={`${place}.join`}
          join={group.join}
          choose={(join) => editor.editGroup(place, { join })}
        />
      </p>
      <ol class="conditions">
        {group.conditions.map((condition, inner) => (
          <li key={condition.key}>
            <ConditionLine condition={condition} place={`${place}.${inner}`} isOnly={false} />
          </li>
        ))}
      </ol>
      <button type="button" class="tool" disabled={isFull} onClick={() => editor.addCondition(place)}>
        + {t.value.addCondition}
      </button>
    </div>
  );
}

function JoinChoice({ field, join, choose }: { field: string; join: Join; choose: (join: Join) => void }) {
  const { t } = useStudio();
  return (
    <Choice
      field={field}
      label={t.value.join}
      value={join}
      options={joins}
      text={(one) => t.value.joins[one]}
      choose={choose}
    />
  );
}

/** The whole rule as it is read in the list. */
function Summary() {
  const studio = useStudio();
  const form = useEditor().form.value;
  const isWhole = [...errorsOf(form).keys()].every((field) => field === 'tag');
  return isWhole ? <p class="summary">{sentenceOf(inputOf(form).conditions, speechOf(studio))}.</p> : null;
}
