import { IsIn, IsISO8601 } from 'class-validator';
import { IsHashKey, IsKey, IsOrderCount, IsQuantity } from './contract.rules';

/** `cdm-service-user-tags`, keyed by the user's hash key, in order per user: a tag was assigned to a guest or revoked. */
export class UserTagEvent {
  /** Deterministic, so that a subscriber can drop repeats. */
  @IsHashKey() event_id!: string;
  /** Place among the events of the user, from 1 and without a gap; a repeat has the number that it had. */
  @IsQuantity() event_number!: number;
  @IsIn(['assigned', 'revoked'], { message: 'must be assigned or revoked' }) event!: 'assigned' | 'revoked';
  @IsHashKey() user_id!: string;
  @IsKey() source_user_id!: string;
  @IsKey() tag!: string;
  /** Distinct CLOSED orders that matched at that moment; 0 where none is left. */
  @IsOrderCount() order_cnt!: number;
  @IsISO8601({}, { message: 'must be a time in ISO 8601' }) at!: string;
}
