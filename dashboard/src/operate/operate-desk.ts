import { computed, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { signInTexts } from '../access/sign-in-texts';
import { forgetToken, keepToken, recallToken } from '../access/token';
import type { View } from '../questions/address';
import type { Scene } from '../scene/chart';
import { linksFrom } from '../scene/link-to';
import { language } from '../scene/settings';
import type { Caller } from './answers';
import { OperateApi } from './operate-api';
import { operateTexts } from './operate-texts';

export interface Opened {
  scene: Scene;
  view: View;
  choose: (change: Partial<View>) => void;
}

/** What lists of refused and parked messages know: what is open, and who looks at it. */
export class OperateDesk {
  readonly scene;
  readonly view;
  readonly links;
  readonly language = signal(language());
  readonly t = computed(() => operateTexts[this.language.value]);
  readonly token = signal(recallToken());
  /** What is wrong with the token, for its field. */
  readonly tokenError = signal('');
  /** undefined: not known yet. */
  readonly caller = signal<Caller | undefined>(undefined);
  readonly isOperator = computed(() => this.caller.value?.role === 'operator');
  readonly api = new OperateApi(
    () => this.token.value,
    () => this.signOut(true),
  );
  /** Counts what was done, so that lists are asked for again. */
  readonly deeds = signal(0);

  constructor({ scene, view, choose }: Opened) {
    this.scene = signal(scene);
    this.view = signal(view);
    this.links = linksFrom(() => this.view.value, choose);
  }

  signIn(token: string): void {
    keepToken(token);
    this.tokenError.value = '';
    this.token.value = token;
  }

  /** @param isUnknown the API does not know the token */
  signOut(isUnknown = false): void {
    forgetToken();
    this.tokenError.value = isUnknown ? signInTexts[this.language.value].wrongToken : '';
    this.token.value = undefined;
    this.caller.value = undefined;
  }
}

export const OperateContext = createContext<OperateDesk | undefined>(undefined);

export function useOperateDesk(): OperateDesk {
  return useContext(OperateContext)!;
}
