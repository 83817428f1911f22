import type { Column, Scene } from './chart';
import { FileButtons } from './file-buttons';
import { language } from './settings';
import { sheetFile } from './sheet-file';

interface Props<Row> {
  scene: Scene;
  /** Of the file, without an ending. */
  name: string;
  /** What is saved, and the title of the sheet. */
  title: string;
  columns: Column<Row>[];
  /** All that are to be saved, which may have to be asked for. @throws with a sentence for people */
  rows: () => Row[] | Promise<Row[]>;
  isOff?: boolean;
}

/** Saves a table as a file of each form, in the language of the reader. */
export function TableFiles<Row>({ scene, name, title, columns, rows, isOff }: Props<Row>) {
  return (
    <FileButtons
      fileOf={async (format) => sheetFile(format, columns, await rows(), title, language())}
      name={name}
      label={(format) => scene.t.downloadOf(format, title)}
      isOff={isOff}
    />
  );
}
