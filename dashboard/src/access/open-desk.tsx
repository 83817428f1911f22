import { render, type ComponentChild } from 'preact';
import type { View } from '../questions/address';
import type { Scene } from '../scene/chart';
import { language } from '../scene/settings';
import { DeskContext, type SignedDesk } from './signed-desk';

export interface OpenedDesk {
  show: (view: View) => void;
  redraw: (scene: Scene) => void;
  close: () => void;
}

/** Shows a page that asks for a token in the element, until it is closed. */
export function openDesk(root: HTMLElement, desk: SignedDesk, page: ComponentChild): OpenedDesk {
  root.replaceChildren();
  render(<DeskContext.Provider value={desk}>{page}</DeskContext.Provider>, root);
  return {
    show: (view) => (desk.view.value = view),
    redraw: (scene) => {
      desk.language.value = language();
      desk.scene.value = scene;
    },
    close: () => render(null, root),
  };
}
