import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { askWithToken, Refused } from '../access/ask-with-token';
import { SignIn } from '../access/sign-in';
import { signInTexts } from '../access/sign-in-texts';
import type { OrderTrace } from './answers';
import { useDesk } from './desk';
import { Go } from '../access/go';
import { TracedOrder } from './traced-order';

interface Asked {
  answer?: OrderTrace;
  error?: Error;
}

/** One order, from the message to the figures; or what is needed to see it. */
export function OrderLife() {
  const desk = useDesk();
  const t = desk.t.value;
  const token = desk.token.value;
  const order = desk.view.value.order ?? '';
  const asked = useSignal<Asked>({});
  const tries = useSignal(0);
  useEffect(() => {
    const asking = new AbortController();
    asked.value = {};
    if (token) {
      traceOf(order, token, asking.signal).then(
        (answer) => (asked.value = { answer }),
        (error: Error) => {
          if (error instanceof Refused && error.status === 401) {
            desk.signOut(true);
          } else if (!asking.signal.aborted) {
            asked.value = { error };
          }
        },
      );
    }
    return () => asking.abort();
  }, [order, token, tries.value]);
  return (
    <>
      <Go class="back" change={{ page: 'orders', order: undefined }}>
        ← {t.orders}
      </Go>
      {!token && (
        <>
          <p class="why">{t.why}</p>
          <SignIn
            language={desk.language.value}
            wrong={desk.tokenError.value}
            onSignIn={(given) => desk.signIn(given)}
          />
        </>
      )}
      {token && !asked.value.answer && !asked.value.error && <p class="none">{desk.scene.value.t.loading}</p>}
      {asked.value.error && (
        <Trouble order={order} error={asked.value.error} retry={() => (tries.value += 1)} />
      )}
      {asked.value.answer && <TracedOrder trace={asked.value.answer} />}
    </>
  );
}

async function traceOf(order: string, token: string, signal: AbortSignal): Promise<OrderTrace> {
  const answer = await askWithToken(`api/orders/${encodeURIComponent(order)}`, token, { signal });
  return answer.json() as Promise<OrderTrace>;
}

/** Why the order is not shown. */
function Trouble({ order, error, retry }: { order: string; error: Error; retry: () => void }) {
  const desk = useDesk();
  const t = desk.t.value;
  const status = error instanceof Refused ? error.status : undefined;
  const [said, hint] =
    status === 404
      ? [t.notFound(order), t.notFoundHint]
      : status === 403
        ? [t.needsRole]
        : status === 400
          ? [t.noNumber(order)]
          : [desk.scene.value.t.failed, error.message];
  return (
    <div class="trouble panel">
      <p class="wrong" role="alert">
        {said}
      </p>
      {hint && <p class="hint">{hint}</p>}
      <div class="buttons">
        {status === 403 && (
          <button type="button" class="main-button" onClick={() => desk.signOut()}>
            {t.otherToken}
          </button>
        )}
        {(status === undefined || status >= 429) && (
          <button type="button" class="main-button" onClick={retry}>
            {desk.scene.value.t.retry}
          </button>
        )}
        {status !== undefined && status !== 403 && (
          <button type="button" class="tool" onClick={() => desk.signOut()}>
            {signInTexts[desk.language.value].signOut}
          </button>
        )}
      </div>
    </div>
  );
}
