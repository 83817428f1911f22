import type { Rule } from './answers';
import { Editor } from './editor';
import { EditorContext } from './editor-context';
import { formOf, newForm } from './rule-form';
import { RuleSentence } from './rule-sentence';
import { PreviewPane } from './preview-pane';
import { SaveBar } from './save-bar';
import { Field } from './field';
import { useStudio, type Studio } from './studio';

/** A rule as a sentence that is filled in, beside what it would do. */
export function RuleEditor() {
  const studio = useStudio();
  const t = studio.t.value;
  const { show, rule: id } = studio.view.value;
  const rules = studio.rules.value;
  const rule = rules?.find((one) => one.id === id);
  if (id && !rule) {
    return <p class="none">{rules ? t.noSuchRule : t.loading}</p>;
  }
  const key = `${show} ${id}`;
  const editor = studio.editor(key, () => editorOf(studio, rule, show === 'copy'));
  const refusal = editor.refusals.value.get('');
  return (
    <EditorContext.Provider value={editor}>
      <section class="editor" aria-labelledby="editor-title">
        <h2 id="editor-title">{editor.rule ? editor.rule.tag : t.newTag}</h2>
        <div class="editor-form panel">
          <Field field="tag" label={t.tag} class="tag-field">
            {(props) => (
              <input
                {...props}
                type="text"
                maxLength={200}
                placeholder={t.tagExample}
                value={editor.form.value.tag}
                onInput={(event) => editor.edit({ tag: event.currentTarget.value }, 'tag')}
              />
            )}
          </Field>
          <RuleSentence />
          {refusal && (
            <p class="wrong" role="alert">
              {`${refusal.field} ${t.refusal(refusal.message)}`}
            </p>
          )}
          <SaveBar editorKey={key} />
        </div>
        <PreviewPane />
      </section>
    </EditorContext.Provider>
  );
}

function editorOf(studio: Studio, rule: Rule | undefined, isCopy: boolean): Editor {
  if (!rule) {
    return new Editor(studio.api, newForm());
  }
  const form = formOf(rule);
  return isCopy
    ? new Editor(studio.api, { ...form, enabled: true, tag: studio.t.value.copyOf(rule.tag) })
    : new Editor(studio.api, form, rule);
}
