import { steps, type Ring } from './questions/address';
import { AnswerKeeper, type Kept } from './questions/answer-keeper';
import type { Canvas, Chart, Drawing, Part as ClickedPart, Scene, Selection } from './scene/chart';
import { dataTable } from './data-table';
import { drawOn, type DrawnChart } from './scene/echarts';
import type { FileFormat } from '@app/spreadsheets/sheet';
import { element } from './scene/element';
import { FileTools } from './scene/file-tools';
import { labelTool } from './scene/label-tool';
import type { Links } from './scene/link-to';
import { Legend } from './legend';
import type { Part } from './part';
import { language } from './scene/settings';
import { sheetFile } from './scene/sheet-file';

export interface PanelChoices {
  category: (id: string) => void;
  step: (step: string) => void;
  /** Draws this chart as a ring, or as bars again. */
  ring: (ring: Ring) => void;
}

/** So far from the window a panel begins to load. */
const NEAR = '400px';

/** A chart with its title, its table, its files, and what is to be said when there is nothing to draw. */
export class Panel<Answer, Row> implements Part {
  readonly root: HTMLElement;
  private readonly heading = element('h2', { id: `${this.chart.name}-title` });
  private readonly note = element('p', { class: 'note' });
  private readonly old = element('p', { class: 'old', hidden: true });
  private readonly step = element('select', {});
  private readonly ring = element('button', { type: 'button', class: 'tool' });
  private readonly toggle = element('button', { type: 'button', class: 'tool', 'aria-pressed': 'false' });
  private readonly files = new FileTools(this.chart.name, (format) => this.file(format));
  private readonly canvas = element('div', { class: 'canvas' });
  private readonly drawing: HTMLElement;
  private readonly table = element('div', { class: 'table', role: 'region', tabindex: '0', hidden: true });
  private readonly message = element('div', { class: 'message' });
  private readonly body: HTMLElement;
  private readonly legend: Legend;
  private readonly keeper = new AnswerKeeper<Answer>((kept) => this.update(kept));
  private readonly sizes = new ResizeObserver(() => this.resize());
  private readonly sight = new IntersectionObserver(([entry]) => this.seen(entry!.isIntersecting), {
    rootMargin: NEAR,
  });
  private drawn?: DrawnChart;
  private along: Drawing['along'];
  private kept: Kept<Answer> = { loading: true };
  private isNear = false;
  /** Whether something was to be asked while the panel was out of sight. */
  private isDue = false;
  private width = 0;

  constructor(
    private readonly chart: Chart<Answer, Row>,
    private scene: Scene,
    private selection: Selection,
    choices: PanelChoices,
    private readonly links: Links,
  ) {
    const { picks } = chart;
    const choose = picks && ((id: string) => choices[picks](id));
    this.legend = new Legend(choose, (place) => this.highlight(place), links);
    this.drawing = element('div', { class: 'drawing' }, this.canvas, this.legend.root);
    this.body = element('div', { class: 'body' }, this.drawing, this.table, this.message);
    const tools = element(
      'div',
      { class: 'tools' },
      ...(chart.hasStep ? [this.step] : []),
      ...(chart.ring ? [this.ring] : []),
      this.toggle,
      ...this.files.buttons,
    );
    this.root = element(
      'section',
      { class: `panel ${chart.span}`, id: chart.name, 'aria-labelledby': this.heading.id },
      element('header', {}, this.heading, tools, this.note, this.old),
      this.body,
    );
    this.step.addEventListener('change', () => choices.step(this.step.value));
    this.ring.addEventListener('click', () => this.chooseRing(choices));
    this.toggle.addEventListener('click', () => this.toggleTable());
    this.sizes.observe(this.canvas);
    this.sight.observe(this.root);
    this.write();
    this.update(this.kept);
  }

  show(selection: Selection): void {
    const wasRing = this.isRing;
    this.selection = selection;
    this.writeStep();
    if (this.isRing !== wasRing) {
      this.redraw(this.scene);
    }
    this.askWhenNear();
  }

  refresh(): void {
    this.askWhenNear();
  }

  redraw(scene: Scene): void {
    this.scene = scene;
    this.write();
    this.update(this.kept);
  }

  close(): void {
    this.keeper.close();
    this.sizes.disconnect();
    this.sight.disconnect();
    this.drawn?.dispose();
  }

  private seen(isNear: boolean): void {
    this.isNear = isNear;
    if (isNear && this.isDue) {
      this.askWhenNear();
    }
  }

  private askWhenNear(): void {
    this.isDue = !this.isNear;
    if (this.isNear) {
      this.keeper.ask(this.chart.path(this.selection.filters, this.selection.view));
    }
  }

  private update(kept: Kept<Answer>): void {
    this.kept = kept;
    const rows = kept.answer && this.chart.rows(kept.answer);
    const isEmpty = rows?.length === 0;
    const { t, format } = this.scene;
    const isFirst = kept.loading && kept.answer === undefined;
    this.body.classList.toggle('loading', isFirst);
    this.body.classList.toggle('fading', kept.loading && !isFirst);
    this.root.setAttribute('aria-busy', String(kept.loading));
    const isOld = kept.error !== undefined && kept.answer !== undefined && kept.at !== undefined;
    this.old.hidden = !isOld;
    this.old.textContent = isOld ? t.notUpdated(format.moment(kept.at!)) : '';
    this.files.turn(Boolean(rows?.length));
    this.say(isFirst ? 'loading' : rows ? (isEmpty ? 'empty' : undefined) : 'error');
    if (rows?.length) {
      this.draw();
      this.fillTable(rows);
    }
  }

  private say(what: 'loading' | 'empty' | 'error' | undefined): void {
    const { t, format } = this.scene;
    this.message.hidden = what === undefined;
    this.message.className = `message ${what ?? ''}`;
    this.drawing.classList.toggle('hidden', what !== undefined || this.isTable);
    this.table.hidden = what !== undefined || !this.isTable;
    const { progress } = this.kept;
    if (what === 'loading' && progress !== undefined) {
      const done = `${t.computing}: ${format.share(progress)}`;
      this.message.replaceChildren(element('p', { class: 'computing' }, done));
    } else if (what === 'loading') {
      this.message.replaceChildren(element('p', { class: 'unseen' }, t.loading));
    } else if (what === 'empty') {
      const text = this.chart.empty ? [this.chart.empty(t)] : [t.empty, t.emptyHint];
      this.message.replaceChildren(...text.map((line) => element('p', {}, line)));
    } else if (what === 'error') {
      const retry = element('button', { type: 'button', class: 'tool' }, t.retry);
      retry.addEventListener('click', () => this.keeper.refresh());
      this.message.replaceChildren(
        element('p', { role: 'alert' }, t.failed),
        element('p', { class: 'cause' }, this.kept.error ?? ''),
        retry,
      );
    }
  }

  private draw(): void {
    const { answer } = this.kept;
    if (answer === undefined || this.isTable || this.drawing.clientWidth === 0) {
      return;
    }
    const { view } = this.selection;
    const drawing = this.chart.draw(answer, this.scene, this.canvas.clientWidth, view);
    const { option, height, spoken, along, legend } = drawing;
    this.along = along;
    this.legend.root.hidden = !legend;
    this.legend.show(legend ?? [], view[this.chart.picks ?? 'category'], this.scene);
    this.drawing.classList.toggle('bars', !option);
    this.canvas.hidden = !option;
    if (option) {
      this.paint({ option, height: height!, spoken: spoken! });
    }
  }

  private paint({ option, height, spoken }: Canvas): void {
    this.width = this.canvas.clientWidth;
    this.canvas.style.setProperty('height', `${height}px`);
    if (!this.drawn) {
      this.drawn = drawOn(this.canvas);
      this.drawn.on('click', ({ name, seriesId }) => this.open({ id: name, series: seriesId }));
      this.drawn.getZr().on('click', ({ target, offsetX, offsetY }) => {
        if (!target) {
          this.openBeside(offsetX, offsetY);
        }
      });
    } else if (this.drawn.getHeight() !== height || this.drawn.getWidth() !== this.width) {
      this.drawn.resize();
    }
    // What stays is moved, what is gone is removed; nothing is drawn from scratch.
    this.drawn.setOption(option, { replaceMerge: ['series'] });
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', spoken);
  }

  private fillTable(rows: Row[]): void {
    if (this.isTable) {
      const columns = this.chart.columns(this.scene, this.selection);
      this.table.replaceChildren(dataTable(this.chart.title(this.scene.t), columns, rows, this.links));
    }
  }

  private resize(): void {
    if (this.canvas.clientWidth !== this.width && this.canvas.clientWidth > 0) {
      this.draw();
    }
  }

  private highlight(place: number | undefined): void {
    this.drawn?.dispatchAction({ type: 'downplay' });
    if (place !== undefined) {
      this.drawn?.dispatchAction({ type: 'highlight', seriesIndex: 0, dataIndex: place });
    }
  }

  private open(part: ClickedPart): void {
    const behind = this.kept.answer && this.chart.opens(part, this.kept.answer, this.selection);
    if (behind) {
      this.links.follow(behind);
    }
  }

  /** @param left in pixels, as `top` */
  private openBeside(left: number, top: number): void {
    const { axis, ids } = this.along ?? {};
    if (axis) {
      const place = this.drawn!.convertFromPixel({ [`${axis}AxisIndex`]: 0 }, axis === 'x' ? left : top);
      const id = ids![Number(place)];
      if (id !== undefined) {
        this.open({ id });
      }
    }
  }

  private get isTable(): boolean {
    return this.toggle.getAttribute('aria-pressed') === 'true';
  }

  private get isRing(): boolean {
    return this.selection.view.rings?.some((ring) => ring === this.chart.ring) ?? false;
  }

  /** Leaves the table: choosing a drawing means to see it. */
  private chooseRing(choices: PanelChoices): void {
    const wasTable = this.isTable;
    if (wasTable) {
      this.toggleTable();
    }
    if (!wasTable || !this.isRing) {
      choices.ring(this.chart.ring!);
    }
  }

  private toggleTable(): void {
    this.toggle.setAttribute('aria-pressed', String(!this.isTable));
    this.update(this.kept);
  }

  private file(format: FileFormat): Promise<Blob> | undefined {
    const { answer } = this.kept;
    if (answer === undefined) {
      return undefined;
    }
    const columns = this.chart.columns(this.scene, this.selection);
    return sheetFile(format, columns, this.chart.rows(answer), this.chart.title(this.scene.t), language());
  }

  private write(): void {
    const { t } = this.scene;
    const title = this.chart.title(t);
    this.heading.textContent = title;
    this.note.textContent = this.chart.note(t, this.selection.view);
    this.ring.setAttribute('aria-pressed', String(this.isRing));
    labelTool(this.ring, 'ring-icon', t.showRing, t.showRingOf(title));
    labelTool(this.toggle, 'table-icon', t.showTable, t.showTableOf(title));
    this.files.write(t, title);
    this.table.setAttribute('aria-label', title);
    this.writeStep();
  }

  private writeStep(): void {
    const { t } = this.scene;
    this.step.setAttribute('aria-label', t.step);
    this.step.replaceChildren(
      element('option', { value: '' }, `${t.step}: ${t.steps.auto}`),
      ...steps.map((step) => element('option', { value: step }, `${t.step}: ${t.steps[step]}`)),
    );
    this.step.value = this.selection.view.step ?? '';
  }
}
