import { formats, type FileFormat } from '@app/spreadsheets/sheet';
import { download, formatNames } from './download';
import { element } from './element';
import type { Texts } from './texts';
import { labelTool } from './label-tool';

const fileFormats = Object.keys(formats) as FileFormat[];

/** Buttons that save what is shown as a file of each form, for what is no component. */
export class FileTools {
  readonly buttons: HTMLButtonElement[];

  /**
   * @param name of the file, without an ending
   * @param fileOf undefined: there is nothing to save
   */
  constructor(name: string, fileOf: (format: FileFormat) => Promise<Blob> | undefined) {
    this.buttons = fileFormats.map((format) => {
      const button = element('button', { type: 'button', class: 'tool file' });
      button.addEventListener(
        'click',
        () => void fileOf(format)?.then((file) => download(file, `${name}.${format}`)),
      );
      return button;
    });
  }

  /** @param title of what is saved */
  write(t: Texts, title: string): void {
    this.buttons.forEach((button, place) => {
      const name = formatNames[fileFormats[place]!];
      labelTool(button, 'download-icon', name, t.downloadOf(name, title));
    });
  }

  turn(isOn: boolean): void {
    this.buttons.forEach((button) => (button.disabled = !isOn));
  }
}
