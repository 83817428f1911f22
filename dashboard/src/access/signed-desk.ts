import { signal } from '@preact/signals';
import { createContext } from 'preact';
import type { View } from '../questions/address';
import type { Scene } from '../scene/chart';
import { linksFrom } from '../scene/link-to';
import { language } from '../scene/settings';
import { signInTexts } from './sign-in-texts';
import { forgetToken, keepToken, recallToken } from './token';

export interface Opened {
  scene: Scene;
  view: View;
  choose: (change: Partial<View>) => void;
}

/** What every page knows that asks for a token: what is open, and the token of the reader. */
export class SignedDesk {
  readonly scene;
  readonly view;
  readonly links;
  readonly language = signal(language());
  readonly token = signal(recallToken());
  /** What is wrong with the token, for its field. */
  readonly tokenError = signal('');

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
  }
}

export const DeskContext = createContext<SignedDesk | undefined>(undefined);
