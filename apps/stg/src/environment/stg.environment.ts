import { IsOptional } from 'class-validator';
import { SOURCE_ORDERS, STAGED_ORDERS } from '@app/contracts/topics';
import { IsCertificateFile, IsRedisUrl, ServiceEnvironment } from '@app/service/environment';

export class StgEnvironment extends ServiceEnvironment {
  override SOURCE_TOPIC = SOURCE_ORDERS;
  override OUTPUT_TOPIC = STAGED_ORDERS;
  override DEAD_LETTER_TOPIC = 'stg-service-dlq';
  override KAFKA_GROUP_ID = 'stg-service';
  override PORT = 3001;
  @IsRedisUrl() REDIS_URL!: string;
  @IsOptional() @IsCertificateFile() REDIS_SSL_CA?: string;
}
