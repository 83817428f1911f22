import './tags.css';
import { openDesk, type OpenedDesk } from '../access/open-desk';
import type { Opened } from '../access/signed-desk';
import { Studio } from './studio';
import { TagsApp } from './tags-app';

/** Shows tags, their rules and audiences. */
export function openTags(root: HTMLElement, opened: Opened): OpenedDesk & { refresh: () => void } {
  const studio = new Studio(opened);
  const desk = openDesk(root, studio, <TagsApp />);
  return {
    ...desk,
    refresh: () => studio.refresh(),
    close: () => {
      studio.close();
      desk.close();
    },
  };
}
