import { STAGED_ORDERS, VAULT_ORDERS } from '@app/contracts/topics';
import { ServiceEnvironment } from '@app/service/environment';

export class DdsEnvironment extends ServiceEnvironment {
  override SOURCE_TOPIC = STAGED_ORDERS;
  override OUTPUT_TOPIC = VAULT_ORDERS;
  override DEAD_LETTER_TOPIC = 'dds-service-dlq';
  override KAFKA_GROUP_ID = 'dds-service';
  override PORT = 3002;
}
