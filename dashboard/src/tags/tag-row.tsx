import type { Rule } from './answers';
import { Go } from './go';
import { RuleSwitch } from './rule-switch';
import { sentenceOf } from './sentence';
import { Sparkline } from './sparkline';
import { speechOf } from './speech';
import { useStudio } from './studio';
import type { ListedTag } from './tag-list';

/** A tag: its rules, its audience and what happened to it today. */
export function TagRow({ tag, rules, overview }: ListedTag) {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  return (
    <li class="tag-row panel">
      <div class="tag-rules">
        <h3>{tag}</h3>
        {rules.length === 0 && <p class="hint">{t.noRule}</p>}
        {rules.map((rule) => (
          <RuleLine key={rule.id} rule={rule} />
        ))}
        {overview && overview.progress !== null && <Progress share={overview.progress} />}
      </div>
      <div class="tag-days">
        {overview && <Sparkline days={overview.days} />}
        <span class="hint">{t.lastDays}</span>
      </div>
      <dl class="tag-size">
        <div>
          <dt>{t.audience}</dt>
          <dd class="size">{format.count(overview?.users ?? 0)}</dd>
        </div>
        <div>
          <dt>{t.today}</dt>
          <dd>
            <span class="gained">+{format.count(overview?.gained_today ?? 0)}</span>{' '}
            <span class="lost">−{format.count(overview?.lost_today ?? 0)}</span>
          </dd>
        </div>
      </dl>
      {studio.maySeePersons && (
        <Go show="audience" tags={[tag]} class="tool" label={t.showAudienceOf(tag)}>
          {t.showAudience}
        </Go>
      )}
    </li>
  );
}

function RuleLine({ rule }: { rule: Rule }) {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  const changed = t.changed(
    rule.changed_by ?? rule.created_by,
    format.stamp(rule.changed_at ?? rule.created_at),
  );
  return (
    <div class={rule.enabled ? 'rule' : 'rule off'}>
      <p>
        <Go show="rule" rule={rule.id} class="sentence">
          {sentenceOf(rule.conditions, speechOf(studio))}
        </Go>
      </p>
      <p class="hint">
        {studio.mayEdit ? (
          <RuleSwitch rule={rule} />
        ) : (
          <span class="state-word">{rule.enabled ? t.on : t.off}</span>
        )}
        {changed}{' '}
        <Go show="history" rule={rule.id} label={t.historyOf(rule.tag)}>
          {t.history}
        </Go>
      </p>
    </div>
  );
}

function Progress({ share }: { share: number }) {
  const studio = useStudio();
  const text = studio.t.value.evaluating(studio.scene.value.format.share(share));
  return (
    <p class="evaluating">
      <progress max={1} value={share} aria-label={text} />
      <span class="hint">{text}</span>
    </p>
  );
}
