import { computed, signal } from '@preact/signals';
import { useContext } from 'preact/hooks';
import { Refused } from '../access/ask-with-token';
import { mayAs, type Caller } from '../access/caller';
import { DeskContext, SignedDesk, type Opened } from '../access/signed-desk';
import { keepToken } from '../access/token';
import type { View } from '../questions/address';
import type { Overview, Rule } from './answers';
import { Editor } from './editor';
import { Names } from './names';
import { TagApi } from './tag-api';
import { tagTexts } from './tag-texts';

/** While rules are being evaluated, their progress is asked for so often. */
const PROGRESS_MS = 1_000;
/** News of the stream are asked for at most so often: requests of an address are limited. */
const NEWS_MS = 3_000;

/** What the page of tags knows: who looks at it, what is open, the rules and their audiences. */
export class Studio extends SignedDesk {
  readonly t = computed(() => tagTexts[this.language.value]);
  readonly caller = signal<Caller | undefined>(undefined);
  /** Why it is not known whose token it is. */
  readonly trouble = signal('');
  readonly rules = signal<Rule[] | undefined>(undefined);
  readonly overview = signal<Overview[] | undefined>(undefined);
  /** Why the newest rules and audiences could not be had. */
  readonly failure = signal<string | undefined>(undefined);
  /** What was done last, for the eye and the screen reader. */
  readonly notice = signal('');
  readonly names = new Names();
  readonly api = new TagApi(
    () => this.token.value,
    () => this.signOut(true),
  );
  private readonly editors = new Map<string, Editor>();
  private timer?: ReturnType<typeof setTimeout>;
  private loading = Promise.resolve();

  constructor(private readonly opened: Opened) {
    super(opened);
    if (this.token.value) {
      void this.enter();
    }
  }

  get mayEdit(): boolean {
    return mayAs('editor', this.caller.value);
  }

  get maySeePersons(): boolean {
    return mayAs('analyst', this.caller.value);
  }

  /** Shows another part of the page; what is not named is closed. */
  open(show?: View['show'], named: Pick<View, 'rule' | 'tags'> = {}): void {
    this.opened.choose({ show, rule: named.rule, tags: named.tags });
  }

  /** What was wrong with the token before is shown until the API has answered. */
  override async signIn(token: string): Promise<void> {
    this.token.value = token;
    keepToken(token);
    await this.enter();
  }

  /** @param isUnknown the API does not know the token */
  override signOut(isUnknown = false): void {
    clearTimeout(this.timer);
    this.editors.forEach((editor) => editor.close());
    this.editors.clear();
    super.signOut(isUnknown);
    this.caller.value = this.rules.value = this.overview.value = undefined;
    this.trouble.value = '';
    this.notice.value = '';
  }

  /**
   * Asks for the rules and audiences; while some are being evaluated, again and again. What is asked for already may be
   * answered as it was before the last change, so that is waited for first.
   */
  load(): Promise<void> {
    this.loading = this.loading.then(() => this.fetchAll());
    return this.loading;
  }

  /** Something was counted: asks soon, and once for much that is counted. */
  refresh(): void {
    if (this.caller.value) {
      this.later(NEWS_MS);
    }
  }

  /** @param key of a rule, or of a copy of it: what was filled in stays until it is saved or given up */
  editor(key: string, make: () => Editor): Editor {
    const editor = this.editors.get(key) ?? make();
    this.editors.set(key, editor);
    return editor;
  }

  closeEditor(key: string): void {
    this.editors.get(key)?.close();
    this.editors.delete(key);
  }

  close(): void {
    clearTimeout(this.timer);
    this.editors.forEach((editor) => editor.close());
  }

  /** Asks whose token it is, and for what that role may see. */
  async enter(): Promise<void> {
    const token = this.token.value;
    this.trouble.value = '';
    try {
      const caller = await this.api.caller();
      if (token === this.token.value) {
        this.caller.value = caller;
        this.tokenError.value = '';
        await Promise.all([this.load(), this.names.load()]);
      }
    } catch (error) {
      this.trouble.value = (error as Error).message;
    }
  }

  private async fetchAll(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const token = this.token.value;
    try {
      const [rules, overview] = await Promise.all([this.api.rules(), this.api.overview()]);
      if (token === this.token.value) {
        this.rules.value = rules;
        this.overview.value = overview;
        this.failure.value = undefined;
        if (rules.some(({ evaluation }) => evaluation === 'pending')) {
          this.later(PROGRESS_MS);
        }
      }
    } catch (error) {
      this.failure.value = (error as Error).message;
      this.later(error instanceof Refused && error.retryMs ? error.retryMs : NEWS_MS);
    }
  }

  private later(milliseconds: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (document.hidden) {
        this.later(milliseconds);
      } else if (this.token.value) {
        void this.load();
      }
    }, milliseconds);
  }
}

export function useStudio(): Studio {
  return useContext(DeskContext) as Studio;
}
