import { BacktestPart } from './backtest-part';
import { useEditor } from './editor-context';
import { placedConditions } from './field-paths';
import { Histogram } from './histogram';
import { hasBound } from './rule-form';
import { Sample } from './sample';
import { useStudio } from './studio';

/** What the rule would do, while it is filled in. */
export function PreviewPane() {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  const editor = useEditor();
  const { answer, rule, isLoading, isOld, error } = editor.preview.value;
  return (
    <section class="preview panel" aria-labelledby="preview-title" aria-busy={isLoading}>
      <h2 id="preview-title">{t.preview}</h2>
      {error && (
        <p class="wrong" role="alert">
          {error}
        </p>
      )}
      {!answer && !error && <p class="none">{isLoading ? t.counting : t.fillIn}</p>}
      {answer && (
        <div class={isOld ? 'fading' : undefined}>
          <p class="matching" role="status">
            <strong id="matching">{format.count(answer.matching)}</strong> {t.guestsMatch(answer.matching)}
          </p>
          <p class="effect">
            <span class="gained" id="assigned">
              +{format.count(answer.assigned)}
            </span>{' '}
            {t.gain},{' '}
            <span class="lost" id="revoked">
              −{format.count(answer.revoked)}
            </span>{' '}
            {t.lose}
          </p>
          <CountedHistogram />
          <Sample sample={answer.sample} />
        </div>
      )}
      {rule && <BacktestPart rule={rule} />}
    </section>
  );
}

/** The histogram of the condition that was filled in last. */
function CountedHistogram() {
  const editor = useEditor();
  const { t } = useStudio();
  const places = placedConditions(editor.form.value).filter(([, { count }]) => hasBound(count));
  const [place, condition] = places.find(([one]) => one === editor.counted.value) ?? places[0] ?? [];
  const bars = editor.preview.value.answer?.histogram?.bars ?? [];
  if (place === undefined || !condition || bars.length === 0) {
    return null;
  }
  return (
    <figure class="histogram">
      <figcaption>{t.value.guestsBy[condition.count]}</figcaption>
      <Histogram
        bars={bars}
        condition={condition}
        change={(end, value) =>
          editor.editCondition(place, { [end === 'at_least' ? 'atLeast' : 'atMost']: String(value) }, end)
        }
      />
    </figure>
  );
}
