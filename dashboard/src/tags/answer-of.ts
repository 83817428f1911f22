import { signal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

export interface Asked<Answer> {
  /** Also while another one is asked for. */
  answer?: Answer;
  error?: string;
  isLoading: boolean;
}

/**
 * The newest answer to a question, asked again when one of the inputs has changed.
 * @param ask undefined: there is nothing to ask
 */
export function useAnswer<Answer>(
  ask: ((signal: AbortSignal) => Promise<Answer>) | undefined,
  inputs: unknown[],
): Signal<Asked<Answer>> {
  const asked = useMemo(() => signal<Asked<Answer>>({ isLoading: true }), []);
  useEffect(() => {
    const asking = new AbortController();
    asked.value = { answer: ask && asked.value.answer, isLoading: ask !== undefined };
    ask?.(asking.signal).then(
      (answer) => (asked.value = { answer, isLoading: false }),
      (error: Error) => {
        if (!asking.signal.aborted) {
          asked.value = { error: error.message, isLoading: false };
        }
      },
    );
    return () => asking.abort();
  }, inputs);
  return asked;
}
