import './tags.css';
import { render } from 'preact';
import type { View } from '../questions/address';
import type { Scene } from '../scene/chart';
import { language } from '../scene/settings';
import type { Opened } from '../access/signed-desk';
import { Studio, StudioContext } from './studio';
import { TagsApp } from './tags-app';

export interface OpenedTags {
  show: (view: View) => void;
  refresh: () => void;
  redraw: (scene: Scene) => void;
  close: () => void;
}

/** Shows tags, their rules and audiences in the element, until it is closed. */
export function openTags(root: HTMLElement, opened: Opened): OpenedTags {
  const studio = new Studio(opened);
  root.replaceChildren();
  render(
    <StudioContext.Provider value={studio}>
      <TagsApp />
    </StudioContext.Provider>,
    root,
  );
  return {
    show: (view) => (studio.view.value = view),
    refresh: () => studio.refresh(),
    redraw: (scene) => {
      studio.language.value = language();
      studio.scene.value = scene;
    },
    close: () => {
      studio.close();
      render(null, root);
    },
  };
}
