import type { Count } from './answers';
import { placedConditions } from './field-paths';
import { hasBound, hasMatch, hasPeriod, numberOf, type ConditionForm, type RuleForm } from './rule-form';

/** What is wrong with a field, before anybody is asked. */
export type FormError =
  | 'missing'
  | 'whole'
  | 'number'
  | 'positive'
  | 'smaller'
  | 'dates'
  | 'order'
  | { least: number; most: number };

const MOST_DAYS = 36_500;
/** As in the API. */
const most: Record<Count, number> = {
  orders: 1_000_000,
  items: 1_000_000,
  money: 1_000_000_000,
  days_since_last_order: MOST_DAYS,
  first_order: MOST_DAYS,
};

/** By field. What is not in it may be sent. */
export function errorsOf(form: RuleForm): Map<string, FormError> {
  const all: [field: string, error: FormError | undefined][] = [
    ['tag', form.tag.trim() === '' ? 'missing' : undefined],
    ...placedConditions(form).flatMap(([place, condition]) =>
      Object.entries(conditionErrors(condition)).map(([name, error]): (typeof all)[number] => [
        `${place}.${name}`,
        error,
      ]),
    ),
  ];
  return new Map(all.filter((one): one is [string, FormError] => one[1] !== undefined));
}

type Errors = Partial<Record<'match' | 'at_least' | 'at_most' | 'last_days' | 'from' | 'to', FormError>>;

function conditionErrors({ count, match, values, period, days, from, to, ...bounds }: ConditionForm): Errors {
  return {
    ...(hasMatch(count) && match !== 'any' && values.every((value) => !value.trim()) && { match: 'missing' }),
    ...(hasBound(count) && boundErrors(count, bounds)),
    ...(hasPeriod(count) && period === 'last' && { last_days: numberError(days, 'first_order', 1) }),
    ...(hasPeriod(count) && period === 'dates' && !from && !to && { from: 'dates' }),
    ...(hasPeriod(count) && period === 'dates' && from && to && to < from && { to: 'order' }),
  };
}

function boundErrors(
  count: Count,
  { bound, atLeast, atMost }: Pick<ConditionForm, 'bound' | 'atLeast' | 'atMost'>,
): Errors {
  const [lower, upper] = [numberOf(atLeast), numberOf(atMost)];
  const isCrossed = bound === 'between' && lower !== undefined && upper !== undefined && upper < lower;
  return {
    ...(bound !== 'at_most' && { at_least: numberError(atLeast, count, 1) }),
    ...(bound !== 'at_least' && {
      at_most: numberError(atMost, count, 0) ?? (isCrossed ? 'smaller' : undefined),
    }),
  };
}

/** @param least money may be less, but not nothing */
function numberError(text: string, count: Count, least: 0 | 1): FormError | undefined {
  if (text.trim() === '') {
    return 'missing';
  }
  const value = numberOf(text);
  if (count === 'money') {
    return value === undefined
      ? 'number'
      : value === 0 && least === 1
        ? 'positive'
        : outside(value, 0, most.money);
  }
  return Number.isInteger(value) ? outside(value!, least, most[count]) : 'whole';
}

function outside(value: number, from: number, to: number): FormError | undefined {
  return value < from || value > to ? { least: from, most: to } : undefined;
}
