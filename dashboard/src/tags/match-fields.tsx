import { matchKinds, type MatchKind } from './answers';
import { Choice } from './choice';
import { useEditor } from './editor-context';
import { Field } from './field';
import { Picker } from './picker';
import type { ConditionForm } from './rule-form';
import { useStudio } from './studio';

const kinds: readonly (MatchKind | 'any')[] = [...matchKinds, 'any'];

/** What was ordered. */
export function MatchFields({ condition, place }: { condition: ConditionForm; place: string }) {
  const { t } = useStudio();
  const editor = useEditor();
  const { match, values } = condition;
  const put = (chosen: string[]) => editor.editCondition(place, { values: chosen }, 'match');
  const choose = (kind: MatchKind | 'any') =>
    editor.editCondition(place, { match: kind, values: kind === 'product_pattern' ? [''] : [] });
  return (
    <>
      <Choice
        field={`${place}.kind`}
        label={t.value.whatWasOrdered}
        value={match}
        options={kinds}
        text={(kind) => t.value.kinds[kind]}
        choose={choose}
      />
      {match === 'product_pattern' && <Patterns place={place} values={values} put={put} />}
      {match !== 'product_pattern' && match !== 'any' && (
        <Field field={`${place}.match`} label={t.value.kindNames[match]} isLabelUnseen>
          {(control) => <Picker key={match} control={control} kind={match} values={values} put={put} />}
        </Field>
      )}
    </>
  );
}

interface PatternsProps {
  place: string;
  values: string[];
  put: (values: string[]) => void;
}

/** Parts of names, any of which counts. */
function Patterns({ place, values, put }: PatternsProps) {
  const { t } = useStudio();
  return (
    <Field field={`${place}.match`} label={t.value.partOfName} isLabelUnseen class="patterns">
      {({ id, ...control }) => (
        <span class="pattern-inputs">
          {values.map((value, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- texts have no identity but their place
            <span key={at} class="pattern">
              <input
                {...control}
                id={at === 0 ? id : undefined}
                aria-label={at === 0 ? undefined : t.value.partOfName}
                type="text"
                maxLength={200}
                placeholder={t.value.patternExample}
                value={value}
                onInput={({ currentTarget }) =>
                  put(values.map((one, other) => (other === at ? currentTarget.value : one)))
                }
              />
              {at > 0 && (
                <button
                  type="button"
                  class="tool"
                  aria-label={t.value.removeValue(value)}
                  onClick={() => put(values.filter((_, other) => other !== at))}
                >
                  ×
                </button>
              )}
            </span>
          ))}
          <button type="button" class="tool" onClick={() => put([...values, ''])}>
            + {t.value.or}
          </button>
        </span>
      )}
    </Field>
  );
}
