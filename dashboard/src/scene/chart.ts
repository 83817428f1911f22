import type { CellKind } from '@app/spreadsheets/sheet';
import type { Ring, View } from '../questions/address';
import type { ChartOption } from './echarts';
import type { Format } from './format';
import type { CategoryColors, Look } from './look';
import type { Texts } from './texts';

/** What is the same for all that a page shows. */
export interface Scene {
  t: Texts;
  format: Format;
  look: Look;
  colors: CategoryColors;
  /** Whether the reader asked for less motion, or for patterns beside colours. */
  calm: boolean;
  patterns: boolean;
}

export interface Column<Row> {
  name: string;
  value: (row: Row) => string | number | null;
  /** How the table writes it; files have the bare value. Without it, it is text as it is. */
  write?: (value: never) => string;
  /** What its cells are in a file. Without it, those with a `write` are numbers, and all others texts. */
  kind?: CellKind;
  /** What is behind the figure; undefined where the reader is led nowhere. */
  opens?: (row: Row) => Partial<View> | undefined;
}

export interface LegendEntry {
  /** Of what a click chooses; undefined where it chooses nothing. */
  id?: string;
  name: string;
  color: string;
  /** Figures behind the name. */
  figures: string[];
  /** What the entry stands for, in detail. */
  detail?: string;
  /** Of its bar, where the legend is the chart: a part of the longest one. */
  length?: number;
  /** What is behind the figures. */
  opens?: Partial<View>;
}

/** A canvas with its legend, or a legend that is the chart itself. */
export interface Drawing extends Partial<Canvas> {
  legend?: LegendEntry[];
  /** The axis along which parts lie, and their ids: a click beside a part that is thin is meant for it. */
  along?: { axis: 'x' | 'y'; ids: string[] };
}

export interface Canvas {
  option: ChartOption;
  /** Pixels. */
  height: number;
  /** For the screen reader: the largest parts, in words. */
  spoken: string;
}

/** What is shown now: the choices of the reader, and what they mean to the API. */
export interface Selection {
  view: View;
  /** The parameters that all charts have. */
  filters: URLSearchParams;
}

/** What was clicked on in a drawing. */
export interface Part {
  id: string;
  /** What the part belongs to; undefined where the click was beside the parts. */
  series?: string;
}

/** One chart: what it asks the API, its table, and how it is drawn. */
export interface Chart<Answer, Row> {
  /** Of its element and its file. */
  name: string;
  /** Columns of twelve that it takes on a wide screen. */
  span: 'third' | 'half' | 'most' | 'full';
  title: (t: Texts) => string;
  note: (t: Texts, view: View) => string;
  /** @param filters the parameters that all charts have */
  path: (filters: URLSearchParams, view: View) => string;
  rows: (answer: Answer) => Row[];
  columns: (scene: Scene, selection: Selection) => Column<Row>[];
  /** @param width of the chart, in pixels */
  draw: (answer: Answer, scene: Scene, width: number, view: View) => Drawing;
  /** What a click on an entry of the legend chooses. */
  picks?: 'category';
  /**
   * Where a click on a part of the drawing leads; undefined: nowhere.
   */
  opens: (part: Part, answer: Answer, selection: Selection) => Partial<View> | undefined;
  empty?: (t: Texts) => string;
  /** Under which it is in the address that the reader chose the ring. */
  ring?: Ring;
  /** Whether the reader may choose the step of time. */
  hasStep?: boolean;
}
