/**
 * The id of the order in a message, as far as one can be found in it: also where the message can't be used. For logs,
 * hence digits and nothing else.
 */
export function orderIdOf(value: Buffer | null): string | undefined {
  return /"object_id"\s*:\s*(\d{1,19})\s*[,}]/.exec(value?.toString('latin1') ?? '')?.[1];
}
