// The points of a chart: what the library draws of them, and what an update changes.

/** Points in the library's fastest format: times and values interleaved, gaps as NaN. */
function flat(times, value) {
  const out = new Float64Array(2 * times.length);
  for (let i = 0; i < times.length; i++) {
    out[2 * i] = times[i];
    out[2 * i + 1] = value(i) ?? NaN;
  }
  return out;
}

/** Whether a point is between two gaps, where no line would show it. */
const isLone = (values, i) => values[i] !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null;

/** The points of a line. An isolated point gets a dot; the points are then passed as individual items. */
function line(times, values) {
  if (!values.some((_, i) => isLone(values, i))) return { data: flat(times, i => values[i]), showSymbol: false };
  return { data: times.map((t, i) => (isLone(values, i) ? { value: [t, values[i]], symbol: 'circle', symbolSize: 4 } : [t, values[i]])), showSymbol: true };
}

/** Bars stand in the middle of the step that starts at their time. */
export const barOffset = (shape, { times, to }) =>
  (times.length > 0 && shape.series.some(series => series.kind === 'bar') ? ((times.length > 1 ? times[1] : to) - times[0]) / 2 : 0);

/** The points of every series that is drawn, with its id: the values, and the two edges of a band. */
export function seriesData(shape, data) {
  const offset = barOffset(shape, data);
  const shown = offset ? data.times.map(time => time + offset) : data.times;
  const list = [];
  shape.series.forEach((series, i) => {
    const times = series.hidden ? [] : shown;
    const values = series.hidden ? [] : data.values[i];
    list.push({ id: `s${i}`, ...(series.kind === 'bar' ? { data: flat(times, k => values[k]) } : line(times, values)) });
    if (!series.band) return;
    const [low, high] = [data.low[i], data.high[i]];
    list.push({ id: `l${i}`, data: flat(times, k => low[k]) });
    list.push({ id: `h${i}`, data: flat(times, k => (low[k] === null || high[k] === null ? null : high[k] - low[k])) });
  });
  return list;
}

/** Applies an update: drops the oldest points, keeps the next ones and appends the new ones. */
export function changed(data, change) {
  const join = (kept, added) => (added ? [...kept.slice(change.drop, change.drop + change.keep), ...added] : null);
  const all = key => change[key].map((added, i) => join(data[key][i], added));
  return { from: change.from, to: change.to, times: join(data.times, change.times), values: all('values'), low: all('low'), high: all('high') };
}
