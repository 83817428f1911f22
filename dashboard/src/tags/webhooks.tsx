import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useAnswer } from './answer-of';
import { useStudio } from './studio';
import { WebhookCard } from './webhook-card';
import { WebhookForm } from './webhook-form';

/** What waits and what has failed changes without anybody doing anything here. */
const EVERY_MS = 5_000;

/** Where events of tags are posted to. */
export function Webhooks() {
  const studio = useStudio();
  const t = studio.t.value;
  const asks = useSignal(0);
  const isAdding = useSignal(false);
  const secret = useSignal('');
  const refresh = () => (asks.value += 1);
  const asked = useAnswer((abort) => studio.api.webhooks(abort), [asks.value]).value;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || refresh(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const add = (made: string) => {
    secret.value = made;
    isAdding.value = false;
    refresh();
  };
  return (
    <section aria-labelledby="webhooks-title">
      <div class="section-head">
        <h2 id="webhooks-title">{t.webhooks}</h2>
        <p class="note">{t.webhooksNote}</p>
        <button type="button" class="main-button" onClick={() => (isAdding.value = true)}>
          {t.newWebhook}
        </button>
      </div>
      {secret.value && <Secret secret={secret.value} forget={() => (secret.value = '')} />}
      {isAdding.value && <WebhookForm made={add} leave={() => (isAdding.value = false)} />}
      {asked.error && (
        <p class="wrong" role="alert">
          {asked.error}
        </p>
      )}
      {asked.answer?.length === 0 && !isAdding.value && <p class="none">{t.noWebhooks}</p>}
      <ul class="tag-rows">
        {asked.answer?.map((webhook) => (
          <WebhookCard key={webhook.id} webhook={webhook} changed={refresh} />
        ))}
      </ul>
    </section>
  );
}

/** The secret of a new webhook, which is shown this once. */
function Secret({ secret, forget }: { secret: string; forget: () => void }) {
  const t = useStudio().t.value;
  return (
    <div class="panel secret" role="status">
      <label for="secret">{t.secret}</label>
      <input
        id="secret"
        type="text"
        readOnly
        value={secret}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <div class="buttons">
        <button type="button" class="tool" onClick={forget}>
          {t.secretKept}
        </button>
      </div>
    </div>
  );
}
