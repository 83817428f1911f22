import { useSignal } from '@preact/signals';
import type { Webhook } from './answers';
import { useStudio } from './studio';
import { Switch } from './switch';
import { WebhookFailures } from './webhook-failures';

interface WebhookCardProps {
  webhook: Webhook;
  changed: () => void;
}

/** A webhook: what waits for it, what has failed, and what can be done about it. */
export function WebhookCard({ webhook, changed }: WebhookCardProps) {
  const studio = useStudio();
  const t = studio.t.value;
  const said = useSignal('');
  const { id, address, tags, enabled, failed } = webhook;
  /** @param work what it did, in words */
  const act = (work: () => Promise<string>) => {
    said.value = t.counting;
    work().then(
      (words) => {
        said.value = words;
        return changed();
      },
      (error: Error) => (said.value = error.message),
    );
  };
  const test = async () => {
    const { delivered, problem } = await studio.api.testWebhook(id);
    return delivered ? t.testTaken : t.testRefused(problem ?? '');
  };
  const turn = async () => {
    await studio.api.changeWebhook(id, { address, ...(tags && { tags }), enabled: !enabled });
    return enabled ? t.webhookOff : '';
  };
  const retry = async () => t.repeated((await studio.api.retryWebhook(id)).repeated);
  const remove = async () => {
    await studio.api.deleteWebhook(id);
    return '';
  };
  return (
    <li class="panel webhook">
      <h3>{address}</h3>
      <p class="note">{tags ? t.onlyTags(tags) : t.everyTag}</p>
      <WebhookState webhook={webhook} />
      <div class="buttons">
        <Switch isOn={enabled} label={t.posts(address)} turn={() => act(turn)} />
        <button type="button" class="tool" onClick={() => act(test)}>
          {t.test}
        </button>
        {failed > 0 && (
          <button type="button" class="tool" onClick={() => act(retry)}>
            {t.repeat}
          </button>
        )}
        <DeleteButton remove={() => act(remove)} />
      </div>
      <p class="hint" role="status">
        {said.value}
      </p>
      {failed > 0 && <WebhookFailures id={id} failed={failed} />}
    </li>
  );
}

function WebhookState({ webhook }: { webhook: Webhook }) {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  const { waiting, oldest_waiting_at, failed, last_delivered_at, last_problem } = webhook;
  return (
    <>
      <dl class="webhook-state">
        <div>
          <dt>{t.waiting}</dt>
          <dd>{format.count(waiting)}</dd>
          {oldest_waiting_at && <dd class="hint">{t.waitingSince(format.stamp(oldest_waiting_at))}</dd>}
        </div>
        <div>
          <dt>{t.failedEvents}</dt>
          <dd class={failed ? 'lost' : undefined}>{format.count(failed)}</dd>
        </div>
        <div>
          <dt>{t.lastTaken}</dt>
          <dd>{last_delivered_at ? format.stamp(last_delivered_at) : '—'}</dd>
        </div>
      </dl>
      {last_problem && <p class="wrong">{last_problem}</p>}
    </>
  );
}

/** Deletes at the second click. */
function DeleteButton({ remove }: { remove: () => void }) {
  const t = useStudio().t.value;
  const isSure = useSignal(false);
  return (
    <button
      type="button"
      class="tool danger"
      onBlur={() => (isSure.value = false)}
      onClick={() => (isSure.value ? remove() : (isSure.value = true))}
    >
      {isSure.value ? t.deleteWebhook : t.delete}
    </button>
  );
}
