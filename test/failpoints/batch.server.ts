import type { EachBatchPayload } from 'kafkajs';
import { BatchServer as ProductServer } from '../../libs/batches/src/batch.server';
import { failpoint } from './failpoint';

export { CONCURRENT_PARTITIONS } from '../../libs/batches/src/batch.server';

/** The transport of the product, with failpoints around the moving of an offset. */
export class BatchServer extends ProductServer {
  protected override async moveOffset(payload: EachBatchPayload, last: string): Promise<void> {
    failpoint('before_offset');
    await super.moveOffset(payload, last);
    failpoint('after_offset');
  }
}
