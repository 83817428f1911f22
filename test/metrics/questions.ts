/** A metric that an expression of PromQL asks for, with the labels that it must have. */
export interface Asked {
  metric: string;
  labels: { name: string; equals?: string }[];
}

const keywords = new Set(['and', 'or', 'unless', 'offset', 'bool']);

/** The metrics of an expression. Functions, labels of groups, durations and texts are none. */
export function askedBy(expression: string): Asked[] {
  const bare = expression
    .replaceAll(/\b(by|on|without|ignoring)\s*\([^)]*\)/g, '')
    .replaceAll(/\[[^\]]*\]/g, '');
  const found = bare.matchAll(/(?<![\w$.:])([a-zA-Z_:][\w:]*)\b(?!\s*\()(?:\{([^}]*)\})?/g);
  return Array.from(found, ([, metric = '', matchers = '']) => ({
    metric,
    labels: Array.from(
      matchers.matchAll(/(\w+)(=~|!=|!~|=)"([^"]*)"/g),
      ([, name = '', operator, value]) => ({
        name,
        equals: operator === '=' ? value : undefined,
      }),
    ),
  })).filter(({ metric }) => !keywords.has(metric));
}
