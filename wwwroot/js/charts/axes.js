// The axes: extents, readable steps, and labels.

import { BYTE_UNITS, bytePower, duration, grouped, plain, rateUnit, scientific } from './format.js';
import { barOffset } from './series.js';

const TICKS = 4;
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const ALMOST = 1 - 1e-9;

/** The smallest of 1, 2 and 5 times a power of ten that is not below a value. */
function decimalStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].find(factor => factor * power >= least * ALMOST) * power;
}

/** A readable step of an axis: powers of two for bytes, what a clock divides for durations, otherwise decimals; at least 1 for whole numbers. */
function axisStep(least, unit, whole) {
  if (unit?.startsWith('bytes')) return Math.max(2 ** Math.ceil(Math.log2(least * ALMOST)), 1);
  if (unit === 's' && least > 0.5) return CLOCK_STEPS.find(step => step >= least * ALMOST) ?? 86400 * decimalStep(least / 86400);
  const [seconds] = unit === '/s' ? rateUnit(least * TICKS) : [1];
  return whole ? Math.max(decimalStep(least), 1) : decimalStep(least * seconds) / seconds;
}

/** Formats the labels of an axis: all in one unit, with the decimals that its step needs, so that no two are the same. */
function axisFormat(unit, step, max, range) {
  if (unit === 's') return duration;
  let [factor, suffix] = [1, unit ? ` ${unit}` : ''];
  if (unit?.startsWith('bytes')) {
    const power = bytePower(max);
    [factor, suffix] = [1 / 1024 ** power, ` ${BYTE_UNITS[power]}${unit.slice('bytes'.length)}`];
  } else if (unit === '/s') {
    const [seconds, name] = rateUnit(range);
    [factor, suffix] = [seconds, ` ${name}`];
  }
  const size = step * factor;
  const digits = Math.max(0, plain.findIndex((_, i) => Math.abs(size - Number(size.toFixed(i))) < size / 100));
  return value => (Math.abs(value) < step / 2 ? `0${suffix}` : `${size < 1e-6 ? scientific.format(value * factor) : grouped[digits].format(value * factor)}${suffix}`);
}

/** The extent of the visible values, with bands and stacks, and whether all of them are whole numbers. */
function extent(shape, data) {
  let [low, high, whole] = [Infinity, -Infinity, true];
  const see = value => {
    if (value === null || value === undefined) return;
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  };
  const stacks = new Map();
  shape.series.forEach((series, i) => {
    if (series.hidden) return;
    data.values[i].forEach(see);
    data.low[i]?.forEach(see);
    data.high[i]?.forEach(see);
    if (series.stack) stacks.set(series.stack, data.values[i].map((value, k) => (value ?? 0) + (stacks.get(series.stack)?.[k] ?? 0)));
  });
  for (const sums of stacks.values()) sums.forEach(see);
  // A limit is drawn also when all values are on one side of it.
  shape.thresholds?.forEach(threshold => see(threshold.value));
  return low <= high ? { low, high, whole } : { low: 0, high: 0, whole };
}

/** The value axis: readable steps, whole numbers for counts, and labels in one unit, none of which is the same as another. */
export function valueAxis(shape, data) {
  const { low, high, whole } = extent(shape, data);
  const from = shape.min ?? low;
  const to = shape.max ?? high;
  const isFull = shape.unit === '%' && from === 0 && to === 100;
  const range = to > from ? to - from : 1;
  const step = isFull ? 25 : axisStep(range / TICKS, shape.unit, whole);
  const min = shape.min ?? Math.floor(from / step) * step;
  const max = shape.max ?? Math.max(Math.ceil(to / step * ALMOST), Math.round(min / step) + 1) * step;
  return { min, max, interval: step, axisLabel: { formatter: axisFormat(shape.unit, step, max, range) } };
}

/** The extent of the time axis; a bar at either end is drawn whole. */
export function axisRange(shape, data) {
  const offset = barOffset(shape, data);
  return offset ? { min: Math.min(data.from, data.times[0]), max: Math.max(data.to, data.times.at(-1) + 2 * offset) } : { min: data.from, max: data.to };
}
