import { encodeJson } from '@app/contracts/json-text';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import type { OutgoingMessage } from '@app/kafka/outcome';

/** Keyed by the user, so that his orders stay in one partition. */
export function encodeOutput(staged: StagedOrder): OutgoingMessage {
  return { key: staged.payload.user.id, value: Buffer.from(encodeJson(staged)) };
}
