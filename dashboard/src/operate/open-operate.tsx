import './operate.css';
import { render } from 'preact';
import type { View } from '../questions/address';
import type { Scene } from '../scene/chart';
import { language } from '../scene/settings';
import { Handling } from './handling';
import { OperateContext, OperateDesk, type Opened } from './operate-desk';

interface OpenedHandling {
  show: (view: View) => void;
  refresh: () => void;
  redraw: (scene: Scene) => void;
  close: () => void;
}

/** Shows what was refused and what waits, and what can be done about it, in the element, until it is closed. */
export function openOperate(root: HTMLElement, opened: Opened): OpenedHandling {
  const desk = new OperateDesk(opened);
  root.replaceChildren();
  render(
    <OperateContext.Provider value={desk}>
      <Handling />
    </OperateContext.Provider>,
    root,
  );
  return {
    show: (view) => (desk.view.value = view),
    // Lists stay as they are while somebody reads them.
    refresh: () => undefined,
    redraw: (scene) => {
      desk.language.value = language();
      desk.scene.value = scene;
    },
    close: () => render(null, root),
  };
}
