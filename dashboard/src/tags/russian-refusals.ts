/** What the API says is wrong with a field, and the same in Russian, with the parts in brackets as `$1`, `$2`. */
const refusals: readonly [message: RegExp, russian: string][] = [
  [/^is missing: a condition has at_least, at_most or both$/, 'Нужно хотя бы одно число'],
  [/^is missing: first_order has last_days, from or to$/, 'Нужен период'],
  [/^is missing$/, 'Заполните это поле'],
  [/^is not a known field$/, 'Такого поля нет'],
  [/^is not allowed where (\S+) is counted$/, 'Не сочетается с $1'],
  [/^is not allowed beside last_days$/, 'Не сочетается с числом последних дней'],
  [/^must have at most (\S+) conditions$/, 'Условий может быть не больше $1'],
  [/^must be an object with either all_of or any_of$/, 'Нужен объект с all_of или any_of'],
  [/^must be an object with exactly one of (.+)$/, 'Нужен объект, в котором ровно одно из: $1'],
  [/^must be an object$/, 'Нужен объект'],
  [/^must be a list of 1 to (\S+) conditions$/, 'Нужен список, в котором от 1 до $1 условий'],
  [/^must be a text or a list of 1 to (\S+) texts$/, 'Нужен текст или список, в котором от 1 до $1 текстов'],
  [
    /^must be a text of 1 to (\S+) characters, not blank, without NUL or lone surrogates$/,
    'Нужен непустой текст не длиннее $1 знаков, без недопустимых знаков',
  ],
  [
    /^must be (\S+) to (\S+) different texts of 1 to (\S+) characters, none blank$/,
    'Нужно от $1 до $2 разных непустых текстов, каждый не длиннее $3 знаков',
  ],
  [/^must be true or false$/, 'Нужно true или false'],
  [/^must be one of (.+)$/, 'Нужно одно из: $1'],
  [/^must be a whole number (?:from )?(\S+) to (\S+)$/, 'Нужно целое число от $1 до $2'],
  [
    /^must be an amount above (\S+) to (\S+) with at most 5 decimals$/,
    'Нужна сумма больше $1 и не больше $2, не больше 5 знаков после запятой',
  ],
  [
    /^must be an amount (?:from )?(\S+) to (\S+) with at most 5 decimals$/,
    'Нужна сумма от $1 до $2, не больше 5 знаков после запятой',
  ],
  [/^must be at least (\S+), as at_least is$/, 'Нужно не меньше $1: второе число меньше первого'],
  [/^must be a day YYYY-MM-DD$/, 'Нужен день в виде ГГГГ-ММ-ДД'],
  [/^must be after (\S+), as from is$/, 'Нужен день после $1'],
  [/^must be a UUID$/, 'Нужен UUID'],
  [/^must say the same as (\S+)$/, 'Должно говорить то же, что $1'],
  [
    /^must be the path of a condition that counts orders, items, money or days$/,
    'Нужен путь условия, которое считает заказы, порции, деньги или дни',
  ],
  [
    /^must be an address https:\/\/host\/path of at most 2000 characters, without user, password and fragment$/,
    'Нужен адрес вида https://host/path не длиннее 2000 знаков, без имени, пароля и якоря',
  ],
  [/^cannot be used: plain http is not allowed$/, 'Адрес не подходит: нужен https'],
  [/^cannot be used: (\S+) is not a public address$/, 'Адрес не подходит: $1 не в открытой сети'],
  [/^cannot be used: (.+)$/, 'Адрес не подходит: $1'],
];

/**
 * What the API says of a field, in Russian.
 * @param message one that is not known stays as it is
 */
export function refusalInRussian(message: string): string {
  const [must = '', ...got] = message.split(', got ');
  const [known, russian] = refusals.find(([one]) => one.test(must)) ?? [];
  if (known === undefined) {
    return message;
  }
  return `${must.replace(known, russian!)}${got.length > 0 ? `, а здесь ${got.join(', got ')}` : ''}.`;
}
