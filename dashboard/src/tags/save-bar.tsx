import { useSignal } from '@preact/signals';
import { ConfirmEffect } from './confirm-effect';
import { useEditor } from './editor-context';
import { Go } from './go';
import { RuleSwitch } from './rule-switch';
import { useStudio } from './studio';

/** What can be done with the rule that is filled in. */
export function SaveBar({ editorKey }: { editorKey: string }) {
  const studio = useStudio();
  const t = studio.t.value;
  const editor = useEditor();
  const { rule } = editor;
  const leave = () => {
    studio.closeEditor(editorKey);
    studio.open();
  };
  const save = async (asNew: boolean) => {
    const saved = await editor.save(asNew);
    if (saved) {
      leave();
      studio.notice.value = t.saved(saved.tag);
      await studio.load();
    } else {
      requestAnimationFrame(() => document.querySelector<HTMLElement>('.editor [aria-invalid]')?.focus());
    }
  };
  if (!studio.mayEdit) {
    return <p class="hint">{t.mayNotSave}</p>;
  }
  return (
    <div class="buttons save-bar">
      <button
        type="button"
        class="main-button"
        disabled={editor.isSaving.value}
        onClick={() => void save(false)}
      >
        {t.save}
      </button>
      {rule && (
        <button type="button" class="tool" disabled={editor.isSaving.value} onClick={() => void save(true)}>
          {t.saveAsNew}
        </button>
      )}
      <button type="button" class="tool" onClick={leave}>
        {t.cancel}
      </button>
      {rule && <RuleActions editorKey={editorKey} />}
    </div>
  );
}

/** What is done to a rule as it is stored. */
function RuleActions({ editorKey }: { editorKey: string }) {
  const studio = useStudio();
  const t = studio.t.value;
  const editor = useEditor();
  const rule = editor.rule!;
  const stored = studio.rules.value?.find(({ id }) => id === rule.id) ?? rule;
  const isDeleting = useSignal(false);
  const remove = async () => {
    await studio.api.delete(rule.id);
    studio.closeEditor(editorKey);
    studio.open();
    studio.notice.value = t.deleted(rule.tag);
    await studio.load();
  };
  return (
    <span class="rule-actions">
      <RuleSwitch rule={stored} turned={(enabled) => editor.edit({ enabled })} />
      <Go show="copy" rule={rule.id} class="tool">
        {t.duplicate}
      </Go>
      <button type="button" class="tool danger" onClick={() => (isDeleting.value = true)}>
        {t.delete}
      </button>
      {isDeleting.value && (
        <ConfirmEffect
          title={t.deleteRule(rule.tag)}
          action={t.delete}
          rule={rule}
          after={{ tag: stored.tag, conditions: stored.conditions, enabled: false }}
          confirm={remove}
          leave={() => (isDeleting.value = false)}
        />
      )}
    </span>
  );
}
