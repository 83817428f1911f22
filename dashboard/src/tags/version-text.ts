import type { Rule } from './answers';
import { sentenceOf } from './sentence';
import { speechOf } from './speech';
import type { Studio } from './studio';

/** A rule as it was or became; its name and state only where they are other. */
export function versionText(studio: Studio, rule: Rule, other: Rule | null): string {
  const t = studio.t.value;
  return [
    ...(other && other.tag !== rule.tag ? [`${t.tag}: ${rule.tag}`] : []),
    sentenceOf(rule.conditions, speechOf(studio)),
    ...(other && other.enabled !== rule.enabled ? [rule.enabled ? t.on : t.off] : []),
  ].join(' · ');
}
