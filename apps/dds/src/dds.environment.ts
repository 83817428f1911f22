import { STAGED_ORDERS, VAULT_ORDERS } from '@app/contracts/topics';
import { ServiceEnvironment } from '@app/service/environment';

export class DdsEnvironment extends ServiceEnvironment {
  SOURCE_TOPIC = STAGED_ORDERS;
  OUTPUT_TOPIC = VAULT_ORDERS;
  DEAD_LETTER_TOPIC = 'dds-service-dlq';
  KAFKA_GROUP_ID = 'dds-service';
  PORT = 3002;
}
