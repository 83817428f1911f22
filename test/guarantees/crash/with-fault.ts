type Fault =
  | 'handler_type_error'
  | 'transport_type_error'
  | 'no_coordinator'
  | 'freeze_before_insert'
  | 'freeze_before_commit'
  | 'freeze_before_offset'
  | 'lose_commit_answer'
  | 'uncaught_error';

/** Environment of a service of `dist-failpoints` that meets a fault (`faults.mjs`). */
export function withFault(fault: Fault, file = ''): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${new URL('faults.mjs', import.meta.url).href}`,
    FAULT: fault,
    FAULT_FILE: file,
  };
}
