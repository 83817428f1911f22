import type { Scene, Selection } from './scene/chart';

/** A part of the page that shows an answer of the API. */
export interface Part {
  /** The reader chose other filters. */
  show(selection: Selection): void;
  /** The figures may have changed. */
  refresh(): void;
  /** The language or the colours have changed. */
  redraw(scene: Scene): void;
  close(): void;
}
