import { dataTable } from './data-table';
import type { Column, Scene } from './scene/chart';
import { element } from './scene/element';
import { FileTools } from './scene/file-tools';
import { language } from './scene/settings';
import { sheetFile } from './scene/sheet-file';
import type { Texts } from './scene/texts';

/** A table of the pipeline's state: what it shows, and what is said where it is empty. */
export interface StateList<Row> {
  /** Of its element and its file. */
  name: string;
  title: (t: Texts) => string;
  note: (t: Texts) => string;
  none: (t: Texts) => string;
  columns: (scene: Scene) => Column<Row>[];
}

/** A table with its title and its files. What would look the same stays: the reader may be in it. */
export class StateTable<Row> {
  readonly root: HTMLElement;
  private readonly heading = element('h2', { id: `${this.list.name}-title` });
  private readonly note = element('p', { class: 'note' });
  private readonly files = new FileTools(this.list.name, (format) =>
    sheetFile(format, this.list.columns(this.scene), this.rows, this.list.title(this.scene.t), language()),
  );
  private content: HTMLElement = element('p', { class: 'none' });
  private rows: Row[] = [];

  constructor(
    private readonly list: StateList<Row>,
    private scene: Scene,
  ) {
    this.root = element(
      'section',
      { class: 'panel half', id: list.name, 'aria-labelledby': this.heading.id },
      element(
        'header',
        {},
        this.heading,
        element('div', { class: 'tools' }, ...this.files.buttons),
        this.note,
      ),
      this.content,
    );
    this.write();
    this.files.turn(false);
  }

  show(rows: Row[], scene: Scene): void {
    const { list } = this;
    const { t } = scene;
    if (scene !== this.scene) {
      this.scene = scene;
      this.write();
    }
    this.rows = rows;
    this.files.turn(rows.length > 0);
    const content =
      rows.length === 0
        ? element('p', { class: 'none' }, list.none(t))
        : dataTable(list.title(t), list.columns(scene), rows);
    if (!content.isEqualNode(this.content)) {
      this.content.replaceWith(content);
      this.content = content;
    }
  }

  private write(): void {
    const { t } = this.scene;
    const title = this.list.title(t);
    this.heading.textContent = title;
    this.note.textContent = this.list.note(t);
    this.files.write(t, title);
  }
}
