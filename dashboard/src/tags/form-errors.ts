import { hasBound, hasMatch, hasPeriod, numberOf, type ConditionForm, type RuleForm } from './rule-form';
import { placedConditions } from './field-paths';

/** What is wrong with a field before anybody is asked. The API knows the limits. */
export type FormError = 'missing' | 'whole' | 'number' | 'smaller' | 'dates' | 'order';

/** By field. What is not in it may be sent. */
export function errorsOf(form: RuleForm): Map<string, FormError> {
  const errors = new Map<string, FormError>();
  const put = (field: string, error: FormError | undefined) => error && errors.set(field, error);
  put('tag', form.tag.trim() === '' ? 'missing' : undefined);
  for (const [place, condition] of placedConditions(form)) {
    for (const [name, error] of conditionErrors(condition)) {
      put(`${place}.${name}`, error);
    }
  }
  return errors;
}

function conditionErrors(condition: ConditionForm): [field: string, error: FormError | undefined][] {
  const { count, match, values, bound, atLeast, atMost, period, days, from, to } = condition;
  const [least, most] = [numberOf(atLeast), numberOf(atMost)];
  const isCrossed = bound === 'between' && least !== undefined && most !== undefined && most < least;
  return [
    ...(hasMatch(count) && match !== 'any'
      ? [
          ['match', values.some((value) => value.trim()) ? undefined : 'missing'] as [
            string,
            'missing' | undefined,
          ],
        ]
      : []),
    ...(hasBound(count) && bound !== 'at_most' ? [['at_least', numberError(atLeast, count)] as const] : []),
    ...(hasBound(count) && bound !== 'at_least'
      ? [['at_most', numberError(atMost, count) ?? (isCrossed ? 'smaller' : undefined)] as const]
      : []),
    ...(hasPeriod(count) && period === 'last' ? [['last_days', numberError(days, 'orders')] as const] : []),
    ...(hasPeriod(count) && period === 'dates'
      ? ([
          ['from', from || to ? undefined : 'dates'],
          ['to', from && to && to < from ? 'order' : undefined],
        ] as const)
      : []),
  ].map(([field, error]) => [field, error]);
}

function numberError(text: string, count: ConditionForm['count']): FormError | undefined {
  if (text.trim() === '') {
    return 'missing';
  }
  const value = numberOf(text);
  if (value === undefined || (count !== 'money' && !Number.isInteger(value))) {
    return count === 'money' ? 'number' : 'whole';
  }
  return undefined;
}
