import { IsOptional } from 'class-validator';
import { USER_TAG_EVENTS, VAULT_ORDERS } from '@app/contracts/topics';
import { IsDatabaseUrl, IsName, NamesCertificateFile, ServiceEnvironment } from '@app/service/environment';

export class CdmEnvironment extends ServiceEnvironment {
  override SOURCE_TOPIC = VAULT_ORDERS;
  override OUTPUT_TOPIC = USER_TAG_EVENTS;
  override DEAD_LETTER_TOPIC = 'cdm-service-dlq';
  override KAFKA_GROUP_ID = 'cdm-service';
  override PORT = 3003;
  /** Where stg and dds write their state, when their databases are others than that of cdm. */
  @IsOptional() @IsDatabaseUrl() @NamesCertificateFile() STG_DATABASE_URL?: string;
  @IsOptional() @IsDatabaseUrl() @NamesCertificateFile() DDS_DATABASE_URL?: string;
  /** The bearer token of the protected routes. */
  @IsOptional() @IsName() API_TOKEN?: string;
}
