import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Done, Run } from './deeds';
import { useOperateDesk } from './operate-desk';

interface DeedProps {
  label: string;
  /** What it means, beside how much it would do. */
  note: string;
  run: Run;
}

/** A button that does something after a dialog has said what would happen. */
export function Deed({ label, note, run }: DeedProps) {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="tool" onClick={() => (isOpen.value = true)}>
        {label}
      </button>
      {isOpen.value && (
        <DeedDialog label={label} note={note} run={run} leave={() => (isOpen.value = false)} />
      )}
    </>
  );
}

/** What a dialog has found out, and has done. */
function useDeed(run: Run) {
  const effect = useSignal<Done | undefined>(undefined);
  const isDone = useSignal(false);
  const isBusy = useSignal(true);
  const problem = useSignal('');
  const left = useSignal(0);
  const ask = async (execute: boolean) => {
    isBusy.value = true;
    try {
      effect.value = await run(execute, (more) => (left.value = more));
      isDone.value = execute;
    } catch (error) {
      problem.value = (error as Error).message;
    }
    isBusy.value = false;
    left.value = 0;
  };
  return { effect, isDone, isBusy, problem, left, ask };
}

function DeedDialog({ label, note, run, leave }: DeedProps & { leave: () => void }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const { effect, isDone, isBusy, problem, left, ask } = useDeed(run);
  useEffect(() => {
    dialog.current!.showModal();
    void ask(false);
  }, []);
  const close = () => {
    if (isDone.value) {
      desk.deeds.value += 1;
    }
    leave();
  };
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby="deed-title"
      aria-busy={isBusy.value}
      onClose={close}
    >
      <h2 id="deed-title">{label}</h2>
      {!isDone.value && <p>{note}</p>}
      <div role="status">
        {isBusy.value && (
          <p class="hint">
            {left.value > 0 ? t.stillToLook(desk.scene.value.format.count(left.value)) : t.working}
          </p>
        )}
        {effect.value?.lines.map((line) => (
          <p key={line}>
            <b>{line}</b>
          </p>
        ))}
      </div>
      {problem.value && (
        <p class="wrong" role="alert">
          {problem.value}
        </p>
      )}
      <div class="buttons">
        {!isDone.value && (
          <button
            type="button"
            class="main-button"
            disabled={isBusy.value || !effect.value?.isSomething}
            onClick={() => void ask(true)}
          >
            {t.doIt}
          </button>
        )}
        <button type="button" class="tool" onClick={() => dialog.current!.close()}>
          {isDone.value ? t.close : t.cancel}
        </button>
      </div>
    </dialog>
  );
}
