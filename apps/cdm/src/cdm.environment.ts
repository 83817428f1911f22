import { IsOptional } from 'class-validator';
import { USER_TAG_EVENTS, VAULT_ORDERS } from '@app/contracts/topics';
import { IsName, ServiceEnvironment } from '@app/service/environment';

export class CdmEnvironment extends ServiceEnvironment {
  SOURCE_TOPIC = VAULT_ORDERS;
  OUTPUT_TOPIC = USER_TAG_EVENTS;
  DEAD_LETTER_TOPIC = 'cdm-service-dlq';
  KAFKA_GROUP_ID = 'cdm-service';
  PORT = 3003;
  /** The bearer token of the protected routes. */
  @IsOptional() @IsName() API_TOKEN?: string;
}
