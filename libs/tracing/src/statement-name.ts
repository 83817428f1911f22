/** What a span of a statement is called: by its name, or by what it does. Nothing of its values. */
export function statementName(statement: unknown): string {
  const { name, text } =
    typeof statement === 'string' ? { text: statement } : (statement as { name?: string; text: string });
  return name ?? /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? 'statement';
}
