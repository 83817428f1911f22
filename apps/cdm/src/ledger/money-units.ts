const DECIMALS = 5;

/**
 * An amount in hundred thousandths.
 * @param decimal with at most five decimals, as `6.5` or `-300.00000`
 */
export function moneyUnits(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}

/** The decimal that PostgreSQL reads. */
export function moneyText(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMALS + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}
