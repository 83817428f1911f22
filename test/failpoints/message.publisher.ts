import { Injectable } from '@nestjs/common';
import type { Message } from 'kafkajs';
import { MessagePublisher as ProductPublisher } from '../../libs/kafka/src/message.publisher';
import { failpoint } from './failpoint';
import { inTransaction } from './warehouse';

/** The publisher of the product, with failpoints behind the acknowledgement. */
@Injectable()
export class MessagePublisher extends ProductPublisher {
  override async publish(topic: string, messages: readonly Message[]): Promise<void> {
    await super.publish(topic, messages);
    if (messages.length > 0) {
      failpoint(inTransaction.getStore() ? 'job_after_publish' : 'after_publish');
    }
  }
}
