import type { Layers } from './layers';
import { ruleHolds, type ClosedOrder, type Conditions } from './rule-holds';
import type { Look, WrongRow } from './wrong-rows';

/** Clocks of replicas, and the job that moves windows, may differ by so much. Seconds. */
const CLOCK_SECONDS = 120;

interface Rule {
  id: string;
  tag: string;
  conditions: Conditions;
  enabled: boolean;
  isPending: boolean;
  /** Whether time alone may change what it says. */
  moves: boolean;
  /** By the number of the condition: products of its pattern. */
  products: Map<number, Set<string>>;
}

interface Guest {
  user: string;
  orders: ClosedOrder[];
  tags: string[];
  states: { rule: string; holds: boolean; isExpired: boolean }[];
  /** The last event of each tag. */
  events: { tag: string; event: string }[];
  lastNumber: number;
  eventCount: number;
}

/**
 * Tags of users of a range of keys: what rules say of their orders by now, against states of rules, tags and events. A
 * rule that is being evaluated, or whose moment has just come, says nothing.
 * @param now the present at the source
 */
export async function lookAtTags(layers: Layers, now: string, after: string, upto: string): Promise<Look> {
  const [row] = await layers.rows<{ rules: string; products: string; guests: string; isCalm: boolean }>(
    'cdm',
    statement,
    [after, upto, now],
  );
  const rules = readRules(row!);
  const guests = JSON.parse(row!.guests) as Guest[];
  const soon = secondsLater(now, CLOCK_SECONDS);
  return {
    checked: guests.length,
    wrong: guests.flatMap((guest) => wrongOf(guest, rules, { now, soon }, row!.isCalm)),
  };
}

function readRules({ rules, products }: { rules: string; products: string }): Rule[] {
  const ofPatterns = JSON.parse(products) as [string, number, string][];
  return (JSON.parse(rules) as Omit<Rule, 'products' | 'moves'>[]).map((rule) => {
    const own: Rule['products'] = new Map();
    for (const [, condition, product] of ofPatterns.filter(([id]) => id === rule.id)) {
      own.set(condition, (own.get(condition) ?? new Set()).add(product));
    }
    const moves = /last_days|days_since_last_order/.test(JSON.stringify(rule.conditions));
    return { ...rule, products: own, moves };
  });
}

/** @param isCalm whether no evaluation is outstanding: also none of a rule that is gone */
function wrongOf(
  guest: Guest,
  rules: Rule[],
  times: { now: string; soon: string },
  isCalm: boolean,
): WrongRow[] {
  const { user, orders, tags, states } = guest;
  const wrong: WrongRow[] = [];
  const given = new Set<string>();
  const unsure = new Set<string>();
  for (const { id, tag, conditions, isPending, moves, products } of rules.filter(({ enabled }) => enabled)) {
    const state = states.find(({ rule }) => rule === id);
    const holds = ruleHolds(conditions, orders, products, times.now);
    const turns = moves && holds !== ruleHolds(conditions, orders, products, times.soon);
    if (isPending || state?.isExpired || turns) {
      unsure.add(tag);
      continue;
    }
    if (holds) {
      given.add(tag);
    }
    if (holds !== (state?.holds ?? false)) {
      wrong.push(differs('cdm.user_rule_states', user, { rule_id: id }, 'holds', holds, state?.holds));
    }
  }
  const known = new Set(rules.filter(({ enabled }) => enabled).map(({ id }) => id));
  for (const { rule } of isCalm ? states.filter((state) => !known.has(state.rule)) : []) {
    wrong.push(differs('cdm.user_rule_states', user, { rule_id: rule }, '*', undefined, 'a row'));
  }
  for (const tag of new Set([...given, ...tags])) {
    const isSure = !unsure.has(tag) && (given.has(tag) || isCalm);
    if (isSure && given.has(tag) !== tags.includes(tag)) {
      wrong.push(
        differs(
          'cdm.user_tags',
          user,
          { tag },
          '*',
          given.has(tag) || undefined,
          tags.includes(tag) || undefined,
        ),
      );
    }
  }
  return [...wrong, ...wrongEvents(guest)];
}

/** The last event of each tag says whether it is held, and events are numbered without a gap. */
function wrongEvents({ user, tags, events, lastNumber, eventCount }: Guest): WrongRow[] {
  const last = new Map(events.map(({ tag, event }) => [tag, event]));
  const wrong = [...new Set([...tags, ...last.keys()])]
    .filter((tag) => tags.includes(tag) !== (last.get(tag) === 'assigned'))
    .map((tag) => {
      const expected = tags.includes(tag) ? 'assigned' : 'revoked';
      return differs('cdm.user_tag_events', user, { tag }, 'event', expected, last.get(tag), 'cdm.user_tags');
    });
  if (lastNumber !== eventCount) {
    wrong.push(
      differs('cdm.user_tag_events', user, {}, 'event_number', eventCount, lastNumber, 'their number'),
    );
  }
  return wrong;
}

type Value = string | number | boolean | undefined;

/** @param column `*`: the whole row */
function differs(
  table: string,
  user: string,
  key: Record<string, string>,
  column: string,
  expected: Value,
  found: Value,
  against = 'the rules of tags',
): WrongRow {
  const side = (value: Value) =>
    column === '*'
      ? value === undefined
        ? null
        : {}
      : { [column]: value === undefined ? null : String(value) };
  return {
    table,
    key: { user_id: user, ...key },
    place: user,
    against,
    expected: side(expected),
    found: side(found),
  };
}

function secondsLater(time: string, seconds: number): string {
  const moved = new Date(Date.parse(`${time.replace(' ', 'T')}Z`) + seconds * 1_000);
  return moved.toISOString().slice(0, 19).replace('T', ' ');
}

/** Rules, states and tags of one statement are of one moment. */
const statement = /* sql */ `
  SELECT (
    SELECT coalesce(json_agg(json_build_object('id', id, 'tag', tag, 'conditions', conditions, 'enabled', enabled, 'isPending', EXISTS (
      SELECT FROM cdm.tag_evaluations outstanding WHERE rule_id = rule.id OR product_id IS NOT NULL))), '[]') FROM cdm.tag_rules rule
  ) AS rules, (
    SELECT coalesce(json_agg(json_build_array(rule_id, condition, product_id)), '[]') FROM cdm.tag_rule_products
  ) AS products, NOT EXISTS (SELECT FROM cdm.tag_evaluations) AS "isCalm", (
    SELECT coalesce(json_agg(json_build_object('user', user_id, 'orders', (
        SELECT coalesce(json_agg(json_build_object('time', order_dt::text, 'restaurant', restaurant_id, 'payment', payment::text, 'lines', (
          SELECT coalesce(json_agg(json_build_object('product', product, 'category', category, 'quantity', quantity::text,
            'amount', amount::text)), '[]')
          FROM unnest(product_ids, category_ids, quantities, amounts) AS line (product, category, quantity, amount)
        ))), '[]')
        FROM cdm.order_versions placed WHERE placed.user_id = known.user_id AND status = 'CLOSED'
          AND EXISTS (SELECT FROM cdm.tag_rules WHERE enabled)
      ), 'tags', (
        SELECT coalesce(json_agg(tag), '[]') FROM cdm.user_tags held WHERE held.user_id = known.user_id
      ), 'states', (
        SELECT coalesce(json_agg(json_build_object('rule', rule_id, 'holds', holds, 'isExpired', coalesce(until <= $3::timestamp, false))), '[]')
        FROM cdm.user_rule_states state WHERE state.user_id = known.user_id
      ), 'events', (
        SELECT coalesce(json_agg(last), '[]') FROM (
          SELECT DISTINCT ON (tag) tag, event FROM cdm.user_tag_events event WHERE event.user_id = known.user_id
          ORDER BY tag, event_number DESC
        ) AS last
      ), 'lastNumber', (SELECT coalesce(max(event_number), 0) FROM cdm.user_tag_events event WHERE event.user_id = known.user_id),
      'eventCount', (SELECT count(*) FROM cdm.user_tag_events event WHERE event.user_id = known.user_id))), '[]')
    FROM cdm.users known WHERE user_id > $1 AND user_id <= $2
  ) AS guests`;
