import { IsISO8601 } from 'class-validator';
import {
  IsHashKey,
  IsKey,
  IsOrderCount,
  IsQuantity,
  IsTagEventKind,
  type TagEventKind,
} from './contract-rules';

/**
 * `cdm-service-user-tags`, keyed by the user's hash key, in order per user: a tag was assigned to a user or revoked.
 */
export class UserTagEvent {
  /** Deterministic, so that a subscriber can drop repeats. */
  @IsHashKey() event_id!: string;
  /** Place among the events of the user, from 1 and without a gap; a repeat has the number that it had. */
  @IsQuantity() event_number!: number;
  @IsTagEventKind() event!: TagEventKind;
  /** Hash key of the user. */
  @IsHashKey() user_id!: string;
  /** Id of the user at the source. */
  @IsKey() source_user_id!: string;
  @IsKey() tag!: string;
  /** Distinct CLOSED orders that matched at that moment; 0 where none is left. */
  @IsOrderCount() order_cnt!: number;
  /** When it happened, in UTC. */
  @IsISO8601({}, { message: 'must be a time in ISO 8601' }) at!: string;
}
