// Numbers, units and times as text. The language and the units are the server's.

const LANGUAGE = 'en';
const decimals = options => [0, 1, 2, 3, 4, 5, 6].map(maximumFractionDigits => new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits, ...options }));
export const grouped = decimals();
export const plain = decimals({ useGrouping: false });
const tenths = new Intl.NumberFormat(LANGUAGE, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false });
export const scientific = new Intl.NumberFormat(LANGUAGE, { notation: 'scientific', maximumFractionDigits: 2 });
export const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

const positive = text => text.replace(/^[-\u2212](?=0$)/, '');
const rounded = (value, digits) => positive(plain[digits].format(value));

function number(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 99.95) return grouped[0].format(value);
  if (size >= 9.995) return plain[1].format(value);
  if (size >= 0.9995) return plain[2].format(value);
  return size >= 0.0005 ? plain[3].format(value) : scientific.format(value);
}

export function bytePower(value) {
  let power = 0;
  for (; Math.abs(value) >= (power ? 1023.95 : 1023.5) && power < BYTE_UNITS.length - 1; power++) value /= 1024;
  return power;
}

function bytes(value) {
  const power = bytePower(value);
  return `${rounded(value / 1024 ** power, power ? 1 : 0)} ${BYTE_UNITS[power]}`;
}

function pair(seconds, large, small, largeUnit, smallUnit) {
  const whole = Math.round(seconds / small);
  const ratio = large / small;
  return `${Math.floor(whole / ratio)} ${largeUnit} ${String(whole % ratio).padStart(2, '0')} ${smallUnit}`;
}

export function duration(value) {
  if (value < 0) return `-${duration(-value)}`;
  if (value === 0) return '0 s';
  if (value < 0.0009995) return `${number(value * 1e6)} µs`;
  if (value < 0.9995) return `${number(value * 1e3)} ms`;
  if (value < 59.95) return `${tenths.format(value)} s`;
  if (value < 3599.5) return pair(value, 60, 1, 'm', 's');
  return value < 86370 ? pair(value, 3600, 60, 'h', 'm') : pair(value, 86400, 3600, 'd', 'h');
}

// The time unit in which a rate is written, in seconds.
export const rateUnit = value => (value === 0 || Math.abs(value) >= 1 ? [1, '/s'] : Math.abs(value) >= 1 / 60 ? [60, '/min'] : [3600, '/h']);

function rate(value) {
  const [seconds, unit] = rateUnit(value);
  return `${number(value * seconds)} ${unit}`;
}

/** Formats a value of an axis or a tooltip with its unit, with the same result as Format.Value on the server. */
export function format(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  switch (unit) {
    case '%': return `${rounded(value, 1)} %`;
    case 's': return duration(value);
    case 'bytes': return bytes(value);
    case 'bytes/s': return `${bytes(value)}/s`;
    case '/s': return rate(value);
    default: return unit ? `${number(value)} ${unit}` : number(value);
  }
}

/** Formats the labels of the time axis: the day at midnight, the year at its start. */
export function timeFormat(utc) {
  const make = options => new Intl.DateTimeFormat(LANGUAGE, { hourCycle: 'h23', timeZone: utc ? 'UTC' : undefined, ...options });
  const [hour, minute, second] = ['2-digit', '2-digit', '2-digit'];
  const [year, day, minutes, seconds] = [make({ year: 'numeric' }), make({ day: 'numeric', month: 'short' }), make({ hour, minute }), make({ hour, minute, second })];
  const exact = make({ hour, minute, second, fractionalSecondDigits: 3 });
  return ms => {
    const at = new Date(utc ? ms : ms - new Date(ms).getTimezoneOffset() * 60000);
    if (at.getUTCMilliseconds()) return exact.format(ms);
    if (at.getUTCSeconds()) return seconds.format(ms);
    if (at.getUTCMinutes() || at.getUTCHours()) return minutes.format(ms);
    return (at.getUTCMonth() || at.getUTCDate() > 1 ? day : year).format(ms);
  };
}

/** A time with date and seconds, for tooltips. */
export const dateTimeText = (ms, utc) =>
  new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone: utc ? 'UTC' : undefined }).format(ms);

/** Hours and minutes. */
export const minuteText = (ms, utc) =>
  new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: utc ? 'UTC' : undefined }).format(ms);
