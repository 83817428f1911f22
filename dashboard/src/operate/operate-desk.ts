import { computed, signal } from '@preact/signals';
import { useContext } from 'preact/hooks';
import { mayAs, type Caller } from '../access/caller';
import { DeskContext, SignedDesk } from '../access/signed-desk';
import { OperateApi } from './operate-api';
import { operateTexts } from './operate-texts';

/** What lists of refused and parked messages know besides: what the reader may do. */
export class OperateDesk extends SignedDesk {
  readonly t = computed(() => operateTexts[this.language.value]);
  /** undefined: not known yet. */
  readonly caller = signal<Caller | undefined>(undefined);
  readonly isOperator = computed(() => mayAs('operator', this.caller.value));
  readonly api = new OperateApi(
    () => this.token.value,
    () => this.signOut(true),
  );
  /** Counts what was done, so that lists are asked for again. */
  readonly deeds = signal(0);

  override signOut(isUnknown = false): void {
    super.signOut(isUnknown);
    this.caller.value = undefined;
  }
}

export function useOperateDesk(): OperateDesk {
  return useContext(DeskContext) as OperateDesk;
}
