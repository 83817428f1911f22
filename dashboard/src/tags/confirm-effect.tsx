import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Preview, Rule, RuleInput } from './answers';
import { Sample } from './sample';
import { useStudio } from './studio';

interface ConfirmEffectProps {
  title: string;
  action: string;
  rule: Rule;
  /** What the rule would be; one that is deleted gives as little as one that is not enabled. */
  after: RuleInput;
  confirm: () => Promise<void>;
  leave: () => void;
}

/** Asks before something is done to a rule, with what it does to whom. */
export function ConfirmEffect({ title, action, rule, after, confirm, leave }: ConfirmEffectProps) {
  const studio = useStudio();
  const t = studio.t.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const effect = useSignal<Preview | undefined>(undefined);
  const problem = useSignal('');
  const isBusy = useSignal(false);
  const fail = (error: unknown) => {
    problem.value = (error as Error).message;
    isBusy.value = false;
  };
  useEffect(() => {
    dialog.current!.showModal();
    studio.api.preview(after, rule.id).then((found) => (effect.value = found), fail);
  }, []);
  const act = () => {
    isBusy.value = true;
    confirm().catch(fail);
  };
  return (
    <dialog ref={dialog} class="confirm" aria-labelledby="confirm-title" onClose={leave}>
      <h2 id="confirm-title">{title}</h2>
      {effect.value ? <Effect effect={effect.value} tag={rule.tag} /> : !problem.value && <p>{t.counting}</p>}
      {problem.value && (
        <p class="wrong" role="alert">
          {problem.value}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="main-button" disabled={isBusy.value} onClick={act}>
          {action}
        </button>
        <button type="button" class="tool" onClick={() => dialog.current!.close()}>
          {t.cancel}
        </button>
      </div>
    </dialog>
  );
}

function Effect({ effect, tag }: { effect: Preview; tag: string }) {
  const { t, scene } = useStudio();
  const { format } = scene.value;
  const { assigned, revoked, sample } = effect;
  return (
    <>
      <p>
        {assigned > 0 && t.value.wouldGain(format.count(assigned), tag)}
        {revoked > 0 && t.value.wouldLose(format.count(revoked), tag)}
        {assigned + revoked === 0 && t.value.noEffect}
      </p>
      {assigned + revoked > 0 && <Sample sample={sample} />}
    </>
  );
}
