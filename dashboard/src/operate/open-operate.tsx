import './operate.css';
import { openDesk, type OpenedDesk } from '../access/open-desk';
import type { Opened } from '../access/signed-desk';
import { Handling } from './handling';
import { OperateDesk } from './operate-desk';

/** Shows what was refused and what waits, and what can be done about it. Lists stay as they are while they are read. */
export function openOperate(root: HTMLElement, opened: Opened): OpenedDesk & { refresh: () => void } {
  return { ...openDesk(root, new OperateDesk(opened), <Handling />), refresh: () => undefined };
}
