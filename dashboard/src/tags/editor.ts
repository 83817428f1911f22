import { computed, effect, signal } from '@preact/signals';
import { Refused, type FieldError } from '../access/ask-with-token';
import type { Preview, Rule, RuleInput } from './answers';
import { fieldAt, pathOf, placedConditions } from './field-paths';
import { errorsOf } from './form-errors';
import {
  hasBound,
  inputOf,
  isGroup,
  newCondition,
  newGroup,
  type ConditionForm,
  type GroupForm,
  type Item,
  type RuleForm,
} from './rule-form';
import type { TagApi } from './tag-api';

/** After the last change, a preview waits so long for the next one. */
const PAUSE_MS = 150;
/** Of a preview while the tag has no name: nobody holds it. */
const NAMELESS = '\u2014';

export interface PreviewState {
  /** The last one; also while a newer one is asked for. */
  answer?: Preview;
  /** The rule that the answer is of. */
  rule?: RuleInput;
  isLoading: boolean;
  /** It is of what was filled in before. */
  isOld?: boolean;
  error?: string;
}

/** A rule that somebody fills in, and what it would do. */
export class Editor {
  readonly form;
  readonly preview = signal<PreviewState>({ isLoading: true });
  /** The place of the condition whose numbers the histogram shows. */
  readonly counted = signal('0');
  readonly isSaving = signal(false);
  /** What the API refused, by field; under `''` what is of no field of the form, with its path. */
  readonly refusals = signal(new Map<string, FieldError>());
  /** Where somebody was, or what they wanted to save: what is wrong is shown there. */
  private readonly touched = signal(new Set<string>());
  readonly errors = computed(() => errorsOf(this.form.value));
  private readonly histogramOf = computed(() => histogramPath(this.form.value, this.counted.value));
  private asking?: AbortController;
  private timer?: ReturnType<typeof setTimeout>;
  private readonly stop: () => void;

  /** @param rule the one that is changed; undefined: a new one */
  constructor(
    private readonly api: TagApi,
    begun: RuleForm,
    readonly rule?: Rule,
  ) {
    this.form = signal(begun);
    this.stop = effect(() => this.previewSoon(this.form.value, this.histogramOf.value));
  }

  /** The own error of a field, once it is to be shown. */
  shownError(field: string) {
    return this.touched.value.has(field) ? this.errors.value.get(field) : undefined;
  }

  /** @param field that somebody filled in */
  edit(change: Partial<RuleForm>, field?: string): void {
    this.form.value = { ...this.form.value, ...change };
    this.refusals.value = new Map();
    if (field) {
      this.touched.value = new Set(this.touched.value).add(field);
    }
  }

  editCondition(place: string, change: Partial<ConditionForm>, field?: string): void {
    this.counted.value = place;
    this.replace(place, (condition) => ({ ...condition, ...change }), field && `${place}.${field}`);
  }

  editGroup(place: number, change: Partial<GroupForm>): void {
    this.edit({ items: replaced(this.form.value.items, place, (item) => ({ ...item, ...change })) });
  }

  /** @param group its place; undefined: beside the others */
  addCondition(group?: number): void {
    const { items } = this.form.value;
    const added = newCondition();
    this.edit({
      items:
        group === undefined
          ? [...items, added]
          : replaced(items, group, (item) =>
              isGroup(item) ? { ...item, conditions: [...item.conditions, added] } : item,
            ),
    });
    const place = group === undefined ? items.length : (items[group] as GroupForm).conditions.length;
    this.counted.value = group === undefined ? String(place) : `${group}.${place}`;
  }

  addGroup(): void {
    this.edit({ items: [...this.form.value.items, newGroup()] });
  }

  /** Removes a condition, and the group that it leaves empty. */
  remove(place: string): void {
    const [outer, inner] = place.split('.').map(Number) as [number, number?];
    const items = this.form.value.items.flatMap((item, at) => {
      if (at !== outer) {
        return [item];
      }
      if (inner === undefined || !isGroup(item)) {
        return [];
      }
      const conditions = item.conditions.filter((_, one) => one !== inner);
      return conditions.length ? [{ ...item, conditions }] : [];
    });
    this.touched.value = new Set();
    this.counted.value = '0';
    this.edit({ items });
  }

  /**
   * Saves the rule, or another one like it.
   * @returns undefined where it was refused, which is shown then
   */
  async save(asNew: boolean): Promise<Rule | undefined> {
    if (this.errors.value.size > 0) {
      this.touched.value = new Set([...this.touched.value, ...this.errors.value.keys()]);
      return undefined;
    }
    this.isSaving.value = true;
    const input = inputOf(this.form.value);
    try {
      return await (asNew || !this.rule
        ? this.api.create({ ...input, enabled: true })
        : this.api.change(this.rule.id, input));
    } catch (error) {
      this.blame(error as Error);
      return undefined;
    } finally {
      this.isSaving.value = false;
    }
  }

  close(): void {
    this.stop();
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  private replace(place: string, change: (condition: ConditionForm) => ConditionForm, field?: string): void {
    const [outer, inner] = place.split('.').map(Number) as [number, number?];
    const items = replaced(this.form.value.items, outer, (item) =>
      isGroup(item)
        ? {
            ...item,
            conditions: item.conditions.map((one, at) => (at === inner ? change(one) : one)),
          }
        : change(item),
    );
    this.edit({ items }, field);
  }

  private previewSoon(form: RuleForm, histogramOf: string | undefined): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(form, histogramOf), PAUSE_MS);
  }

  private async ask(form: RuleForm, histogramOf: string | undefined): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const isNameless = form.tag.trim() === '';
    if (errorsOf(form).size > (isNameless ? 1 : 0)) {
      this.keepOld({ isLoading: false });
      return;
    }
    this.keepOld({ isLoading: true });
    try {
      const rule = inputOf(isNameless ? { ...form, tag: NAMELESS } : form);
      const answer = await this.api.preview(rule, this.rule?.id, histogramOf, asking.signal);
      this.preview.value = { answer, rule, isLoading: false };
    } catch (error) {
      if (!asking.signal.aborted) {
        this.fail(error as Error, () => void this.ask(form, histogramOf));
      }
    }
  }

  /** @param again asks once more */
  private fail(error: Error, again: () => void): void {
    if (error instanceof Refused && error.retryMs !== undefined) {
      this.timer = setTimeout(again, error.retryMs);
      this.keepOld({ isLoading: true });
      return;
    }
    const isInput = error instanceof Refused && error.errors.length > 0;
    this.keepOld({ isLoading: false, error: isInput ? undefined : error.message });
    if (isInput) {
      this.blame(error);
    }
  }

  /** What was answered before stays, and is marked. */
  private keepOld(state: Pick<PreviewState, 'isLoading' | 'error'>): void {
    const { answer, rule } = this.preview.value;
    this.preview.value = { answer, rule, isOld: true, ...state };
  }

  private blame(error: Error): void {
    const errors = error instanceof Refused ? error.errors : [];
    this.refusals.value = new Map(
      errors.length
        ? errors.map((one): [string, FieldError] => [fieldAt(one.field, this.form.value) ?? '', one])
        : [['', { field: '', message: error.message }]],
    );
  }
}

/** The path of the condition with numbers that is at the place, or else of the first one. */
function histogramPath(form: RuleForm, counted: string): string | undefined {
  const places = placedConditions(form).filter(([, { count }]) => hasBound(count));
  const [place] = places.find(([one]) => one === counted) ?? places[0] ?? [];
  return place && pathOf(form, place);
}

function replaced(items: Item[], place: number, change: (item: Item) => Item): Item[] {
  return items.map((item, at) => (at === place ? change(item) : item));
}
