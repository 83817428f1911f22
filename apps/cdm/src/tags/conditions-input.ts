import { excerpt } from '@app/values/json-text';
import { canonicalTime } from '@app/values/source-time';
import { isLine, isWhole, type FieldFault } from '../http/input-rules';
import { counted, matchNames, sums, type Condition, type Conditions, type Counted } from './conditions';

export const MOST_CONDITIONS = 20;
export const MOST_VALUES = 50;
export const MOST_DAYS = 36_500;
export const MOST_ORDERS = 1_000_000;
export const MOST_MONEY = 1_000_000_000;
/** Of a category and of the other three. */
export const LONGEST_VALUE = { category: 1_000, product_id: 200, product_pattern: 200, restaurant_id: 200 };

const JOINS = ['all_of', 'any_of'];
const MEMBERS = ['not', 'count', 'match', 'at_least', 'at_most', 'last_days', 'from', 'to'];

type Fields = Record<string, unknown>;

/**
 * What is wrong with the conditions of a rule; nothing where they are {@link Conditions}.
 * @param field the path of the value in the input
 */
export function conditionErrors(value: unknown, field: string): FieldFault[] {
  const errors = joinErrors(value, field, (member, path) =>
    isObject(member) && JOINS.some((join) => join in member)
      ? joinErrors(member, path, singleErrors)
      : singleErrors(member, path),
  );
  const count = errors.length === 0 ? conditionCount(value as Conditions) : 0;
  return count > MOST_CONDITIONS
    ? [{ field, message: `must have at most ${MOST_CONDITIONS} conditions, got ${count}` }]
    : errors;
}

/** The same conditions without what says nothing: `not` that is false. */
export function readConditions(value: Conditions): Conditions {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) => (key === 'not' && member === false ? undefined : member)),
  ) as Conditions;
}

/** Of an object with either `all_of` or `any_of`. */
function joinErrors(
  value: unknown,
  field: string,
  memberErrors: (member: unknown, path: string) => FieldFault[],
): FieldFault[] {
  const names = isObject(value) ? Object.keys(value) : [];
  if (names.length !== 1 || !JOINS.includes(names[0]!)) {
    return [wrong(field, 'must be an object with either all_of or any_of', value)];
  }
  const [join = ''] = names;
  const members = (value as Fields)[join];
  if (!Array.isArray(members) || members.length === 0 || members.length > MOST_CONDITIONS) {
    return [wrong(`${field}.${join}`, `must be a list of 1 to ${MOST_CONDITIONS} conditions`, members)];
  }
  return members.flatMap((member, place) => memberErrors(member, `${field}.${join}.${place}`));
}

function singleErrors(value: unknown, field: string): FieldFault[] {
  if (!isObject(value)) {
    return [wrong(field, 'must be an object', value)];
  }
  const unknown = Object.keys(value).filter((name) => !MEMBERS.includes(name));
  const { not, count, match } = value;
  const errors = unknown.map((name) => wrong(`${field}.${name}`, 'is not a known field', value[name]));
  if (not !== undefined && typeof not !== 'boolean') {
    errors.push(wrong(`${field}.not`, 'must be true or false', not));
  }
  if (!counted.includes(count as Counted)) {
    return [...errors, wrong(`${field}.count`, `must be one of ${counted.join(', ')}`, count)];
  }
  return [
    ...errors,
    ...strangers(value as Fields & Condition, field),
    ...(match === undefined || count === 'first_order' ? [] : matchErrors(match, `${field}.match`)),
    ...(count === 'first_order' ? [] : numberErrors(value as Fields & Condition, field)),
    ...periodErrors(value, field),
  ];
}

/** Members that a condition of its kind has no use for. */
function strangers(value: Fields & Condition, field: string): FieldFault[] {
  const none: string[] = {
    orders: [],
    items: [],
    money: [],
    days_since_last_order: ['last_days', 'from', 'to'],
    first_order: ['match', 'at_least', 'at_most'],
  }[value.count];
  return none
    .filter((name) => value[name] !== undefined)
    .map((name) => wrong(`${field}.${name}`, `is not allowed where ${value.count} is counted`, value[name]));
}

function matchErrors(match: unknown, field: string): FieldFault[] {
  const names = isObject(match) ? Object.keys(match) : [];
  const name = matchNames.find((known) => known === names[0]);
  if (names.length !== 1 || !name) {
    return [wrong(field, `must be an object with exactly one of ${matchNames.join(', ')}`, match)];
  }
  const value = (match as Fields)[name];
  const most = LONGEST_VALUE[name];
  const must = `must be a text of 1 to ${most} characters, not blank, without NUL or lone surrogates`;
  if (!Array.isArray(value)) {
    return isLine(value, most) ? [] : [wrong(`${field}.${name}`, must, value)];
  }
  if (value.length === 0 || value.length > MOST_VALUES) {
    return [wrong(`${field}.${name}`, `must be a text or a list of 1 to ${MOST_VALUES} texts`, value)];
  }
  return value.flatMap((one, place) =>
    isLine(one, most) ? [] : [wrong(`${field}.${name}.${place}`, must, one)],
  );
}

function numberErrors({ count, at_least, at_most }: Fields & Condition, field: string): FieldFault[] {
  if (at_least === undefined && at_most === undefined) {
    return [{ field: `${field}.at_least`, message: 'is missing: a condition has at_least, at_most or both' }];
  }
  const { is, must } =
    count === 'money' ? money : whole(sums.includes(count as never) ? MOST_ORDERS : MOST_DAYS);
  const errors = [
    ...(at_least === undefined || (is(at_least) && at_least > 0)
      ? []
      : [wrong(`${field}.at_least`, must(count === 'money' ? 'above 0' : 'from 1'), at_least)]),
    ...(at_most === undefined || is(at_most) ? [] : [wrong(`${field}.at_most`, must('from 0'), at_most)]),
  ];
  return errors.length === 0 && at_least !== undefined && at_most !== undefined && at_least > at_most
    ? [wrong(`${field}.at_most`, `must be at least ${at_least}, as at_least is`, at_most)]
    : errors;
}

const whole = (most: number) => ({
  is: (value: unknown) => isWhole(value, 0, most),
  must: (from: string) => `must be a whole number ${from} to ${most}`,
});

const money = {
  is: (value: unknown) =>
    typeof value === 'number' && value >= 0 && value <= MOST_MONEY && /^\d+(\.\d{1,5})?$/.test(String(value)),
  must: (from: string) => `must be an amount ${from} to ${MOST_MONEY} with at most 5 decimals`,
};

function periodErrors({ count, last_days, from, to }: Fields, field: string): FieldFault[] {
  if (count === 'days_since_last_order') {
    return [];
  }
  if (last_days !== undefined) {
    const other = from === undefined ? 'to' : 'from';
    return [
      ...(isWhole(last_days, 1, MOST_DAYS)
        ? []
        : [wrong(`${field}.last_days`, `must be a whole number from 1 to ${MOST_DAYS}`, last_days)]),
      ...(from === undefined && to === undefined
        ? []
        : [wrong(`${field}.${other}`, 'is not allowed beside last_days', from ?? to)]),
    ];
  }
  if (count === 'first_order' && from === undefined && to === undefined) {
    return [{ field: `${field}.last_days`, message: 'is missing: first_order has last_days, from or to' }];
  }
  const errors = Object.entries({ from, to })
    .filter(([, day]) => day !== undefined && !isDay(day))
    .map(([name, day]) => wrong(`${field}.${name}`, 'must be a day YYYY-MM-DD', day));
  return errors.length === 0 && from !== undefined && to !== undefined && String(from) >= String(to)
    ? [wrong(`${field}.to`, `must be after ${String(from)}, as from is`, to)]
    : errors;
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && canonicalTime(`${value} 00:00:00`) !== undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function conditionCount(value: Conditions): number {
  return Object.values(value as unknown as Record<string, object[]>)
    .flat()
    .reduce((sum, member) => sum + (Object.values(member).find(Array.isArray)?.length ?? 1), 0);
}

function wrong(field: string, must: string, value: unknown): FieldFault {
  return { field, message: value === undefined ? 'is missing' : `${must}, got ${excerpt(value)}` };
}
