import { rawRequest, string } from './raw-request';

const LEAVE_GROUP = 13;
const UNKNOWN_MEMBER = 25;

/**
 * Takes a member out of a consumer group, whose coordinator the broker must be. A member that has left is not missed.
 * @throws the error code of the broker
 */
export async function leaveGroup(broker: string, group: string, member: string): Promise<void> {
  const code = (await rawRequest(broker, [LEAVE_GROUP, 0], string(group), string(member))).readInt16BE();
  if (code !== 0 && code !== UNKNOWN_MEMBER) {
    throw new Error(`the broker answers with error code ${code}`);
  }
}
