import { addDays } from '../questions/period';
import type { Condition, Conditions, Count, Group, Join, Match, MatchKind, Rule, RuleInput } from './answers';

export type Bound = 'at_least' | 'at_most' | 'between';
export type PeriodKind = 'ever' | 'last' | 'dates';

/** A condition as somebody fills it in: numbers are what was typed, and what is not asked for is kept. */
export interface ConditionForm {
  /** The same as long as the condition is there. */
  key: number;
  not: boolean;
  count: Count;
  match: MatchKind | 'any';
  values: string[];
  bound: Bound;
  atLeast: string;
  atMost: string;
  period: PeriodKind;
  days: string;
  /** Days, both included. */
  from: string;
  to: string;
}

export interface GroupForm {
  key: number;
  join: Join;
  conditions: ConditionForm[];
}

export type Item = ConditionForm | GroupForm;

export interface RuleForm {
  tag: string;
  enabled: boolean;
  join: Join;
  items: Item[];
}

let lastKey = 0;
const newKey = () => ++lastKey;

export function isGroup(item: Item): item is GroupForm {
  return 'conditions' in item;
}

/** What a condition is before anything is filled in. */
export function newCondition(): ConditionForm {
  return {
    key: newKey(),
    not: false,
    count: 'orders',
    match: 'product_pattern',
    values: [''],
    bound: 'at_least',
    atLeast: '1',
    atMost: '',
    period: 'ever',
    days: '30',
    from: '',
    to: '',
  };
}

/** The condition when it counts something else: what makes no sense any more is put right. */
export function counting(form: ConditionForm, count: Count, not: boolean): ConditionForm {
  const period = count === 'first_order' && form.period === 'ever' ? 'last' : form.period;
  return { ...form, count, not, period };
}

export function newGroup(): GroupForm {
  return { key: newKey(), join: 'any_of', conditions: [newCondition()] };
}

export function newForm(): RuleForm {
  return { tag: '', enabled: true, join: 'all_of', items: [newCondition()] };
}

export function formOf({ tag, enabled, conditions }: Pick<Rule, keyof RuleInput>): RuleForm {
  const { join, members } = joined<Condition | Group>(conditions);
  const items = members.map((member) => ('count' in member ? conditionForm(member) : groupForm(member)));
  return { tag, enabled, join, items };
}

/** @param form without errors */
export function inputOf({ tag, enabled, join, items }: RuleForm): RuleInput {
  const conditions: Conditions = {
    [join]: items.map((item) =>
      isGroup(item) ? { [item.join]: item.conditions.map(conditionOf) } : conditionOf(item),
    ),
  };
  return { tag, enabled, conditions };
}

/** What joins the members, and the members. */
export function joined<Member>(group: Partial<Record<Join, Member[]>>): { join: Join; members: Member[] } {
  return group.all_of
    ? { join: 'all_of', members: group.all_of }
    : { join: 'any_of', members: group.any_of ?? [] };
}

/** The kind of a match, and its values. */
export function matchOf(match: Match | undefined): { kind: MatchKind | 'any'; values: string[] } {
  const [kind, value] = (Object.entries(match ?? {})[0] ?? ['any', []]) as [
    MatchKind | 'any',
    string | string[],
  ];
  return { kind, values: Array.isArray(value) ? value : [value] };
}

/** Whether a number is asked for, and what it counts may be limited to a period. */
export const hasBound = (count: Count) => count !== 'first_order';
export const hasMatch = (count: Count) => count !== 'first_order';
export const hasPeriod = (count: Count) => count !== 'days_since_last_order';

/** @returns undefined for what is no number. Spaces may part thousands, and a comma is a decimal point. */
export function numberOf(text: string): number | undefined {
  const bare = text.replaceAll(/[\s\u00A0\u202F]/g, '').replace(',', '.');
  return /^\d+(\.\d+)?$/.test(bare) ? Number(bare) : undefined;
}

function groupForm(group: Group): GroupForm {
  const { join, members } = joined(group);
  return { key: newKey(), join, conditions: members.map(conditionForm) };
}

function conditionForm(condition: Condition): ConditionForm {
  const { not = false, count, at_least, at_most, last_days, from, to } = condition;
  const { kind, values } = matchOf(condition.match);
  const blank = newCondition();
  return {
    ...blank,
    not,
    count,
    match: kind,
    values,
    bound:
      at_least === undefined
        ? at_most === undefined
          ? 'at_least'
          : 'at_most'
        : at_most === undefined
          ? 'at_least'
          : 'between',
    atLeast: at_least === undefined ? '' : String(at_least),
    atMost: at_most === undefined ? '' : String(at_most),
    period: last_days !== undefined ? 'last' : from || to ? 'dates' : 'ever',
    days: last_days === undefined ? blank.days : String(last_days),
    from: from ?? '',
    to: to ? addDays(to, -1) : '',
  };
}

function conditionOf(form: ConditionForm): Condition {
  const { not, count, match } = form;
  const values = form.values.map((value) => value.trim()).filter(Boolean);
  return {
    ...(not && { not }),
    count,
    ...(hasMatch(count) &&
      match !== 'any' && { match: { [match]: values.length === 1 ? values[0]! : values } }),
    ...(hasBound(count) && boundOf(form)),
    ...(hasPeriod(count) && periodOf(form)),
  };
}

function boundOf({ bound, atLeast, atMost }: ConditionForm): Pick<Condition, 'at_least' | 'at_most'> {
  return {
    ...(bound !== 'at_most' && { at_least: numberOf(atLeast) }),
    ...(bound !== 'at_least' && { at_most: numberOf(atMost) }),
  };
}

function periodOf({ period, days, from, to }: ConditionForm): Pick<Condition, 'last_days' | 'from' | 'to'> {
  if (period === 'last') {
    return { last_days: numberOf(days) };
  }
  return period === 'ever' ? {} : { ...(from && { from }), ...(to && { to: addDays(to, 1) }) };
}
