import { useMemo } from 'preact/hooks';
import { readableBytes, readableText } from '@app/values/readable-text';
import { download } from '../scene/download';
import type { Content, WholeLetter } from './answers';
import { useOperateDesk } from './operate-desk';
import { valueParts } from './value-parts';

/** So many bytes that are no text are shown at most. */
const MOST_BYTES = 2_000;

/** Value, key and headers of a message, as text whatever they are. */
export function MessageContent({ letter }: { letter: WholeLetter }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { key, value, headers } = letter;
  return (
    <>
      <h4>{t.value}</h4>
      {value ? (
        <Value value={value} field={letter.field} name={`${letter.topic}-${letter.offset}`} />
      ) : (
        <p>{t.none}</p>
      )}
      <h4>{t.key}</h4>
      <p class="code">{key ? shortText(key) : t.none}</p>
      <h4>{t.headers}</h4>
      {headers.length === 0 && <p>{t.none}</p>}
      <ul>
        {headers.map(({ name, value: content }, place) => (
          <li key={place} class="code">
            {shortText(name)}: {content ? shortText(content) : t.none}
          </li>
        ))}
      </ul>
    </>
  );
}

function Value({ value, field, name }: { value: Content; field: string | null; name: string }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { format } = desk.scene.value;
  const parts = useMemo(
    () =>
      value.text === null
        ? { before: shortText(value), marked: '', after: '', isCut: value.bytes > MOST_BYTES }
        : valueParts(value.text, field),
    [value, field],
  );
  return (
    <>
      <pre tabIndex={0} aria-label={t.value}>
        {readableText(parts.before)}
        {parts.marked && <mark>{readableText(parts.marked)}</mark>}
        {readableText(parts.after)}
      </pre>
      <p class="hint">
        {t.bytes(format.count(value.bytes))} {value.text === null && t.noText} {parts.isCut && t.cut}
      </p>
      <button type="button" class="tool" onClick={() => download(new Blob([bytesOf(value)]), name)}>
        {t.download}
      </button>
    </>
  );
}

function shortText({ text, base64 }: Content): string {
  return text === null
    ? readableBytes(bytesOf({ text, base64 }).subarray(0, MOST_BYTES))
    : readableText(text.slice(0, MOST_BYTES));
}

function bytesOf({ text, base64 }: Pick<Content, 'text' | 'base64'>): Uint8Array<ArrayBuffer> {
  return text === null
    ? Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0))
    : new TextEncoder().encode(text);
}
