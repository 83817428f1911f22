/** The source's prices are in roubles. */
const CURRENCY = 'RUB';
const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Writes figures as a language does. What is null has no figure. */
export class Format {
  private readonly counts = new Intl.NumberFormat(this.locale);
  private readonly shares = new Intl.NumberFormat(this.locale, {
    style: 'percent',
    maximumFractionDigits: 1,
  });
  private readonly rates = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 });
  private readonly sums = this.money(0);
  private readonly bills = this.money(2);
  private readonly compact = new Intl.NumberFormat(this.locale, {
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  private readonly compactSums = new Intl.NumberFormat(this.locale, {
    style: 'currency',
    currency: CURRENCY,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  private readonly days = this.sourceTime({ day: 'numeric', month: 'short', year: 'numeric' });
  private readonly shortDays = this.sourceTime({ day: 'numeric', month: 'short' });
  private readonly months = this.sourceTime({ month: 'short', year: 'numeric' });
  private readonly hours = this.sourceTime({
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  private readonly moments = new Intl.DateTimeFormat(this.locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  private readonly datedMoments = new Intl.DateTimeFormat(this.locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

  private readonly exactSums = this.money(2, 5);
  private readonly times = this.sourceTime({
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  private readonly instants = new Intl.DateTimeFormat(this.locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  private readonly stamps = new Intl.DateTimeFormat(this.locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });

  constructor(private readonly locale: string) {}

  count = (value: number | null): string => this.written(this.counts, value);
  share = (value: number | null): string => this.written(this.shares, value);
  rate = (value: number | null): string => this.written(this.rates, value);
  sum = (value: number | null): string => this.written(this.sums, value);
  bill = (value: number | null): string => this.written(this.bills, value);
  /** @param decimal with every digit, none of which is lost */
  exact = (decimal: string): string => this.exactSums.format(decimal as Intl.StringNumericLiteral);
  /** Short, for axes: 12K. */
  short = (value: number): string => this.compact.format(value);
  shortSum = (value: number): string => this.compactSums.format(value);

  /** @param time of the source, without a zone */
  day = (time: string): string => this.days.format(utc(time));
  shortDay = (time: string): string => this.shortDays.format(utc(time));
  month = (time: string): string => this.months.format(utc(time));
  hour = (time: string): string => this.hours.format(utc(time));

  /** To the second. */
  time = (time: string): string => this.times.format(utc(time));

  /** @param time of a machine, shown in the zone of the reader; of another day with the day */
  moment = (time: string | number | Date): string => {
    const moment = new Date(time);
    const isToday = moment.toDateString() === new Date().toDateString();
    return (isToday ? this.moments : this.datedMoments).format(moment);
  };

  /** @param time of a machine, however long ago, to the minute in the zone of the reader */
  stamp = (time: string): string => this.stamps.format(new Date(time));

  /** @param time of a machine, to the second in the zone of the reader */
  instant = (time: string): string => this.instants.format(new Date(time));

  /** How long something took, in one unit: 0.02s, 5m, 3h. */
  duration = (seconds: number | null): string => {
    if (seconds === null) {
      return '—';
    }
    const [unit, size] =
      seconds < MINUTE
        ? (['second', 1] as const)
        : seconds < HOUR
          ? (['minute', MINUTE] as const)
          : seconds < DAY
            ? (['hour', HOUR] as const)
            : (['day', DAY] as const);
    return new Intl.NumberFormat(this.locale, {
      style: 'unit',
      unit,
      unitDisplay: 'narrow',
      maximumFractionDigits: seconds < 10 ? 2 : 0,
    }).format(seconds / size);
  };

  private written(format: Intl.NumberFormat, value: number | null): string {
    return value === null ? '—' : format.format(value);
  }

  private money(digits: number, most = digits): Intl.NumberFormat {
    return new Intl.NumberFormat(this.locale, {
      style: 'currency',
      currency: CURRENCY,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: most,
    });
  }

  private sourceTime(parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.locale, { ...parts, timeZone: 'UTC' });
  }
}

/** A time without a zone is shown as it is, hence read and written as UTC. */
function utc(time: string): Date {
  return new Date(`${time.length === 10 ? `${time}T00:00:00` : time.replace(' ', 'T')}Z`);
}
