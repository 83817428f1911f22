/**
 * Microseconds since 1970 of a time or day of the source, as if it were UTC: `2023-08-05 06:28:54.5` or `2023-08-05`.
 */
export function epochMicros(time: string): number {
  const [whole = '', fraction = ''] = time.split('.');
  const [day, clock = '00:00:00'] = whole.split(/[ T]/);
  return Date.parse(`${day}T${clock}Z`) * 1_000 + Number(fraction.padEnd(6, '0'));
}

/** The time of the source again, as PostgreSQL writes it: `2023-08-05 06:28:54.5`. */
export function sourceTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = String(micros - seconds * 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const whole = new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
