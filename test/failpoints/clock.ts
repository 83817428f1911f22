import { existsSync, readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { Clock as ProductClock } from '../../apps/cdm/src/tags/clock';

/**
 * The clock of the product, ahead by as many milliseconds as the file says that the environment variable `CLOCK_FILE`
 * names.
 */
@Injectable()
export class Clock extends ProductClock {
  override now(): Date {
    const { CLOCK_FILE } = process.env;
    const ahead = CLOCK_FILE && existsSync(CLOCK_FILE) ? Number(readFileSync(CLOCK_FILE, 'utf8')) : 0;
    return new Date(super.now().getTime() + ahead);
  }
}
