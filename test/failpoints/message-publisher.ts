import { Injectable } from '@nestjs/common';
import type { Delivery } from '../../libs/kafka/src/delivery';
import { MessagePublisher as ProductPublisher } from '../../libs/kafka/src/message-publisher';
import { failpoint } from './failpoint';
import { inTransaction } from './warehouse';

/** The publisher of the product, with failpoints behind the acknowledgement. */
@Injectable()
export class MessagePublisher extends ProductPublisher {
  override async publish(delivery: Delivery): Promise<void> {
    const hasMessages = delivery.left.length > 0;
    await super.publish(delivery);
    if (hasMessages) {
      failpoint(inTransaction.getStore() ? 'job_after_publish' : 'after_publish');
    }
  }
}
