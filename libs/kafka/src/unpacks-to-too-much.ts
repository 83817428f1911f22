/** What came packed would be larger than what may be held. */
export class UnpacksToTooMuch extends Error {
  constructor(limit: number) {
    super(`unpacks to more than ${limit} bytes`);
  }
}
