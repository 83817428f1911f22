import { useSignal } from '@preact/signals';
import { formats, type FileFormat } from '@app/spreadsheets/sheet';
import { download, formatNames } from './download';

interface Props {
  /** @throws with a sentence for people */
  fileOf: (format: FileFormat) => Promise<Blob>;
  /** Of the file, without an ending. */
  name: string;
  /** Says what a button saves, where its place does not. @param format its name */
  label?: (format: string) => string;
  isOff?: boolean;
}

/** Saves what is shown as a file of each form. */
export function FileButtons({ fileOf, name, label, isOff }: Props) {
  const problem = useSignal('');
  const save = async (format: FileFormat) => {
    try {
      download(await fileOf(format), `${name}.${format}`);
      problem.value = '';
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  return (
    <span class="tools">
      {(Object.keys(formats) as FileFormat[]).map((format) => (
        <button
          key={format}
          type="button"
          class="tool file"
          disabled={isOff}
          aria-label={label?.(formatNames[format])}
          title={label?.(formatNames[format])}
          onClick={() => void save(format)}
        >
          <i class="icon download-icon" />
          <span>{formatNames[format]}</span>
        </button>
      ))}
      {problem.value && (
        <span class="wrong" role="alert">
          {problem.value}
        </span>
      )}
    </span>
  );
}
