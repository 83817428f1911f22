import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { PAGE } from './operate-api';
import { useOperateDesk } from './operate-desk';

interface Props {
  /** So many rows come before those that are shown. */
  skip: Signal<number>;
  shown: number;
  matching: number;
  /** What can be done with all of them. */
  children?: ComponentChildren;
}

/** Turns the pages of a list. */
export function PageButtons({ skip, shown, matching, children }: Props) {
  const t = useOperateDesk().t.value;
  return (
    <div class="buttons">
      {skip.value > 0 && (
        <button type="button" class="tool" onClick={() => (skip.value -= PAGE)}>
          {t.before}
        </button>
      )}
      {skip.value + shown < matching && (
        <button type="button" class="tool" onClick={() => (skip.value += PAGE)}>
          {t.further}
        </button>
      )}
      {children}
    </div>
  );
}
