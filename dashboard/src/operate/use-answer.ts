import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export interface Asked<Answer> {
  /** Also while another one is asked for. */
  answer?: Answer;
  error?: Error;
  isLoading: boolean;
}

/** The newest answer to a question, which is asked again when one of the inputs has changed. */
export function useAnswer<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  inputs: unknown[],
): Signal<Asked<Answer>> {
  const asked = useSignal<Asked<Answer>>({ isLoading: true });
  useEffect(() => {
    const asking = new AbortController();
    asked.value = { answer: asked.peek().answer, isLoading: true };
    ask(asking.signal).then(
      (answer) => (asked.value = { answer, isLoading: false }),
      (error: Error) => {
        if (!asking.signal.aborted) {
          asked.value = { error, isLoading: false };
        }
      },
    );
    return () => asking.abort();
  }, inputs);
  return asked;
}
