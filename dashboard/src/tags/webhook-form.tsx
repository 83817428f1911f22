import { useSignal } from '@preact/signals';
import { Refused } from '../access/ask-with-token';
import { Labelled } from './labelled';
import { useStudio } from './studio';
import { TagChoice } from './tag-choice';

interface WebhookFormProps {
  /** Gets the secret. */
  made: (secret: string) => void;
  leave: () => void;
}

/** A new webhook: its address, and whose events it gets. */
export function WebhookForm({ made, leave }: WebhookFormProps) {
  const studio = useStudio();
  const t = studio.t.value;
  const address = useSignal('');
  const tags = useSignal<string[]>([]);
  const wrong = useSignal('');
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      const { secret } = await studio.api.addWebhook({
        address: address.value.trim(),
        ...(tags.value.length > 0 && { tags: tags.value }),
        enabled: true,
      });
      made(secret);
    } catch (error) {
      const [first] = error instanceof Refused ? error.errors : [];
      wrong.value = first ? first.message : (error as Error).message;
    }
  };
  return (
    <form class="panel webhook-form" onSubmit={(event) => void save(event)}>
      <Labelled label={t.address} class="tag-field" wrong={t.refusal(wrong.value)}>
        {(control) => (
          <input
            {...control}
            type="text"
            inputMode="url"
            autocomplete="off"
            placeholder="https://crm.example.com/hooks/tags"
            value={address}
            onInput={(event) => {
              address.value = event.currentTarget.value;
              wrong.value = '';
            }}
          />
        )}
      </Labelled>
      <TagChoice note={t.tagsOfWebhook} chosen={tags.value} choose={(chosen) => (tags.value = chosen)} />
      <div class="buttons">
        <button type="submit" class="main-button">
          {t.save}
        </button>
        <button type="button" class="tool" onClick={leave}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
