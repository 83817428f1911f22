import type { View } from './questions/address';
import type { Scene } from './scene/chart';

/** What is shown now: the choices of the reader, and what they mean to the API. */
export interface Selection {
  view: View;
  /** The parameters that all charts have. */
  filters: URLSearchParams;
}

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
