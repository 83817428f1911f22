import type { Grammar, Limit, Unit } from './english';

/** «а», «б» или «в». */
function listed(names: string[]): string {
  const quoted = names.map((name) => `«${name}»`);
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} или ${quoted[quoted.length - 1]}`;
}

const plural = new Intl.PluralRules('ru');
type Forms = Partial<Record<Intl.LDMLPluralRule, string>>;
const form = (value: number, forms: Forms) => forms[plural.select(value)] ?? forms.many ?? '';

/** After «не меньше», «от»: the genitive. */
const genitive: Record<Unit, Forms> = {
  times: { one: ' раза', many: ' раз' },
  portions: { one: ' порции', many: ' порций' },
  days: { one: ' дня', many: ' дней' },
  money: {},
};
/** After «ровно». */
const accusative: Record<Unit, Forms> = {
  times: { one: ' раз', few: ' раза', many: ' раз' },
  portions: { one: ' порцию', few: ' порции', many: ' порций' },
  days: { one: ' день', few: ' дня', many: ' дней' },
  money: {},
};

/** Of what there are portions. */
const portionsOf: Record<string, (names: string[]) => string> = {
  any: () => 'любых блюд',
  product_pattern: (names) => `блюда с ${listed(names)} в названии`,
  product_id: (names) => `блюда ${listed(names)}`,
  category: (names) => `блюд из категории ${listed(names)}`,
  restaurant_id: (names) => `блюд из ресторана ${listed(names)}`,
};

/** How the sentence of a rule is built in Russian. */
export const russian: Grammar = {
  whose: 'Гости, которые',
  and: ' и ',
  or: ' или ',
  what: {
    any: () => 'что угодно',
    product_pattern: (names) => `блюдо с ${listed(names)} в названии`,
    product_id: (names) => listed(names),
    category: (names) => `блюдо из категории ${listed(names)}`,
    restaurant_id: (names) => `что-нибудь из ресторана ${listed(names)}`,
  },
  orders: (what, amount) => `заказывали ${what} ${amount}`,
  noOrders: (kind, what) =>
    `не заказывали ${kind === 'any' ? 'ничего' : what.replace(/^что-нибудь/, 'ничего')}`,
  items: (kind, names, amount) => `заказали ${amount} ${portionsOf[kind]!(names)}`,
  money: (kind, what, amount) => (kind === 'any' ? `потратили ${amount}` : `потратили ${amount} на ${what}`),
  last: (what, amount) => `последний раз заказывали ${what} ${amount} назад`,
  first: (isNegated) => `${isNegated ? 'не сделали' : 'сделали'} первый заказ`,
  amount: ({ least, most, isNegated, write }: Limit, unit: Unit): string => {
    const said = (value: number, forms = genitive) => `${write(value)}${form(value, forms[unit])}`;
    if (least !== undefined && most !== undefined) {
      if (least === most) {
        return `${isNegated ? 'не ' : ''}ровно ${said(most, accusative)}`;
      }
      return isNegated
        ? `меньше ${write(least)} или больше ${said(most)}`
        : `от ${write(least)} до ${said(most)}`;
    }
    return least !== undefined
      ? `${isNegated ? 'меньше' : 'не меньше'} ${said(least)}`
      : `${isNegated ? 'больше' : 'не больше'} ${said(most ?? 0)}`;
  },
  lastDays: (days) =>
    form(days, {
      one: `за последний ${days} день`,
      few: `за последние ${days} дня`,
      many: `за последние ${days} дней`,
    }),
  between: (from, to) => `с ${from} по ${to}`,
  since: (from) => `с ${from}`,
  until: (to) => `до ${to} включительно`,
};
