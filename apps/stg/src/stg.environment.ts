import { IsOptional } from 'class-validator';
import { SOURCE_ORDERS, STAGED_ORDERS } from '@app/contracts/topics';
import { IsFile, IsRedisUrl, ServiceEnvironment } from '@app/service/environment';

export class StgEnvironment extends ServiceEnvironment {
  SOURCE_TOPIC = SOURCE_ORDERS;
  OUTPUT_TOPIC = STAGED_ORDERS;
  DEAD_LETTER_TOPIC = 'stg-service-dlq';
  KAFKA_GROUP_ID = 'stg-service';
  PORT = 3001;
  @IsRedisUrl() REDIS_URL!: string;
  @IsOptional() @IsFile() REDIS_SSL_CA?: string;
}
