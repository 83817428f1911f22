import { hasBound, hasMatch, hasPeriod, isGroup, type ConditionForm, type RuleForm } from './rule-form';

/** The places of conditions in a form, `0` or, in a group, `0.1`, each with the condition. */
export function placedConditions({ items }: RuleForm): [place: string, condition: ConditionForm][] {
  return items.flatMap((item, place) =>
    isGroup(item)
      ? item.conditions.map((condition, inner): [string, ConditionForm] => [`${place}.${inner}`, condition])
      : [[String(place), item] as [string, ConditionForm]],
  );
}

/** The path of a condition as the API names it: `0.1` is `all_of.0.any_of.1`. */
export function pathOf({ join, items }: RuleForm, place: string): string {
  const [outer, inner] = place.split('.');
  const item = items[Number(outer)];
  const group = inner !== undefined && item && isGroup(item) ? `.${item.join}.${inner}` : '';
  return `${join}.${outer}${group}`;
}

/** The fields that a form shows. Those of a condition begin with its place: `0.1.at_least`. */
export function fieldsOf(form: RuleForm): string[] {
  return [
    'tag',
    ...placedConditions(form).flatMap(([place, condition]) =>
      fieldNames(condition).map((name) => `${place}.${name}`),
    ),
  ];
}

/**
 * The field of the form that an error of the API is about.
 * @param path such as `conditions.all_of.0.any_of.1.match.category`
 * @returns undefined where the form shows no such field
 */
export function fieldAt(path: string, form: RuleForm): string | undefined {
  const bare = path.replace(/^conditions\./, '').replaceAll(/\b(all_of|any_of)\./g, '');
  const fields = fieldsOf(form);
  return (
    fields.find((field) => bare === field || bare.startsWith(`${field}.`)) ??
    // A condition as a whole is to blame: its first field shows it.
    fields.find((field) => /^\d/.test(bare) && field.startsWith(`${placeOf(bare)}.`))
  );
}

/** The leading numbers of a path. */
function placeOf(path: string): string {
  return /^\d+(\.\d+)?/.exec(path)?.[0] ?? '';
}

function fieldNames({ count, match, bound, period }: ConditionForm): string[] {
  return [
    'count',
    ...(hasMatch(count) && match !== 'any' ? ['match'] : []),
    ...(hasBound(count) && bound !== 'at_most' ? ['at_least'] : []),
    ...(hasBound(count) && bound !== 'at_least' ? ['at_most'] : []),
    ...(hasPeriod(count) && period === 'last' ? ['last_days'] : []),
    ...(hasPeriod(count) && period === 'dates' ? ['from', 'to'] : []),
  ];
}
