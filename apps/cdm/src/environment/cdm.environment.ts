import { IsIn, IsOptional, ValidateBy } from 'class-validator';
import { USER_TAG_EVENTS, VAULT_ORDERS } from '@app/contracts/topics';
import { IsDatabaseUrl, IsName, NamesCertificateFile, ServiceEnvironment } from '@app/service/environment';
import { readApiUsers } from './api-users';

const NamesApiUsers = () =>
  ValidateBy({
    name: 'namesApiUsers',
    validator: {
      validate: (value) => usersProblem(value) === undefined,
      defaultMessage: (context) =>
        `must name a file of users of the API, as order-vault api-user makes them (${usersProblem(context?.value)})`,
    },
  });

function usersProblem(path: unknown): string | undefined {
  try {
    readApiUsers(path as string);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export class CdmEnvironment extends ServiceEnvironment {
  override SOURCE_TOPIC = VAULT_ORDERS;
  override OUTPUT_TOPIC = USER_TAG_EVENTS;
  override DEAD_LETTER_TOPIC = 'cdm-service-dlq';
  override KAFKA_GROUP_ID = 'cdm-service';
  override PORT = 3003;
  /** Where stg and dds write their state, when their databases are others than that of cdm. */
  @IsOptional() @IsDatabaseUrl() @NamesCertificateFile() STG_DATABASE_URL?: string;
  @IsOptional() @IsDatabaseUrl() @NamesCertificateFile() DDS_DATABASE_URL?: string;
  /** A bearer token of the protected routes, for tools: it may do all. */
  @IsOptional() @IsName() API_TOKEN?: string;
  /** A file of people with a token and a role of their own. */
  @IsOptional() @NamesApiUsers() API_USERS?: string;
  /** `allowed`: webhooks may have addresses of our own network, and plain http. */
  @IsOptional()
  @IsIn(['allowed'], { message: 'must be allowed, or be left out' })
  WEBHOOKS_PRIVATE_ADDRESSES?: 'allowed';
  /** `off`: vault and marts are not audited. */
  @IsOptional()
  @IsIn(['off'], { message: 'must be off, or be left out' })
  AUDIT?: 'off';
}
