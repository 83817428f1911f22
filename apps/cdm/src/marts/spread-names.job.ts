import { Injectable } from '@nestjs/common';
import { repeat } from '@app/service/repeated.job';
import { Warehouse } from '@app/warehouse/warehouse';
import { untilBatchesEnd } from '../ledger/batches-in-hand';
import { endSpreading, spreadingNames, spreadName } from './spread-names';

const LOCK = 'cdm.spread_names';

/**
 * Brings new names of products and restaurants to the rows of marts that still show older ones. One replica at a time
 * does a step.
 *
 * A batch reads a name when it inserts a row, and may commit after the name has changed. So a change is marked as
 * spreading, and the mark goes when no mart shows another name and every batch that may have read an older one has
 * ended.
 */
@Injectable()
export class SpreadNamesJob {
  constructor(private readonly warehouse: Warehouse) {
    repeat('names', (progress) => this.step(progress));
  }

  private async step(progress: () => void): Promise<boolean> {
    const names = await this.warehouse.poll(spreadingNames);
    if (names.length === 0) {
      return false;
    }
    await untilBatchesEnd(this.warehouse);
    let isMore = false;
    for (const name of names) {
      for (const mart of name.shownBy) {
        progress();
        isMore = (await this.warehouse.alone(LOCK, (client) => spreadName(client, mart, name))) || isMore;
      }
      await this.warehouse.alone(LOCK, (client) => endSpreading(client, name));
    }
    return isMore;
  }
}
