// A thin layer over ECharts for the portal's time charts. The library is loaded once, for the first chart.
// A live update contains only the new points; options are rebuilt when the shape or theme changes. A chart that is not
// visible, because it is outside the viewport or in a hidden tab, is drawn when it becomes visible again.

const LIBRARY = '_content/Vizor.ECharts/js/vizor-echarts-bundle-min.js';
const MIN_DRAG_PX = 6;
const DOUBLE_CLICK_MS = 300;
const VISIBLE_PX = 0.5;
const FRAMES_BEFORE_SLEEP = 1;
let library;

function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    if (window.echarts) { resolve(window.echarts); return; }
    const script = document.createElement('script');
    script.src = new URL(LIBRARY, document.baseURI).href;
    script.onload = () => resolve(window.echarts);
    script.onerror = () => { library = undefined; reject(new Error('The chart library could not be loaded.')); };
    document.head.append(script);
  });
  return library;
}

// Numbers and times follow the browser's language; the units are the server's.
// One form everywhere: the sentences and tables of the server are in English, too.
const LANGUAGE = 'en';
const decimals = options => [0, 1, 2, 3, 4, 5, 6].map(maximumFractionDigits => new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits, ...options }));
const grouped = decimals();
const plain = decimals({ useGrouping: false });
const tenths = new Intl.NumberFormat(LANGUAGE, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false });
const scientific = new Intl.NumberFormat(LANGUAGE, { notation: 'scientific', maximumFractionDigits: 2 });
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

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

function bytePower(value) {
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

function duration(value) {
  if (value < 0) return `-${duration(-value)}`;
  if (value === 0) return '0 s';
  if (value < 0.0009995) return `${number(value * 1e6)} µs`;
  if (value < 0.9995) return `${number(value * 1e3)} ms`;
  if (value < 59.95) return `${tenths.format(value)} s`;
  if (value < 3599.5) return pair(value, 60, 1, 'm', 's');
  return value < 86370 ? pair(value, 3600, 60, 'h', 'm') : pair(value, 86400, 3600, 'd', 'h');
}

// The time unit in which a rate is written, in seconds.
const rateUnit = value => (value === 0 || Math.abs(value) >= 1 ? [1, '/s'] : Math.abs(value) >= 1 / 60 ? [60, '/min'] : [3600, '/h']);

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

const css = (style, name) => style.getPropertyValue(name).trim();

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  return {
    text: css(style, '--text'), faint: css(style, '--text-2'), line: css(style, '--border'), grid: css(style, '--chart-grid'),
    surface: css(style, '--surface'), warning: css(style, '--warn'), critical: css(style, '--crit'), neutral: css(style, '--text-2'),
    font: getComputedStyle(document.body).fontFamily,
    colours: [1, 2, 3, 4, 5, 6].map(i => css(style, `--chart-${i}`)),
    named: name => css(style, name),
  };
}

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
const barOffset = (shape, { times, to }) =>
  (times.length > 0 && shape.series.some(series => series.kind === 'bar') ? ((times.length > 1 ? times[1] : to) - times[0]) / 2 : 0);

function seriesData(shape, data) {
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

/** Formats the labels of the time axis: the day at midnight, the year at its start. */
function timeFormat(utc) {
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

/** Applies an update: drops the oldest points, keeps the next ones and appends the new ones. */
function changed(data, change) {
  const join = (kept, added) => (added ? [...kept.slice(change.drop, change.drop + change.keep), ...added] : null);
  const all = key => change[key].map((added, i) => join(data[key][i], added));
  return { from: change.from, to: change.to, times: join(data.times, change.times), values: all('values'), low: all('low'), high: all('high') };
}

function axisRange(shape, data) {
  const offset = barOffset(shape, data);
  return offset ? { min: Math.min(data.from, data.times[0]), max: Math.max(data.to, data.times.at(-1) + 2 * offset) } : { min: data.from, max: data.to };
}

const dateTimeText = (ms, utc) =>
  new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone: utc ? 'UTC' : undefined }).format(ms);

const minuteText = (ms, utc) =>
  new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: utc ? 'UTC' : undefined }).format(ms);

class TimeChart {
  constructor(echarts, element, portal) {
    this.element = element;
    this.portal = portal;
    this.echarts = echarts;
    this.chart = echarts.init(element, null, { renderer: 'canvas' });
    this.chart.getZr().setSleepAfterStill(FRAMES_BEFORE_SLEEP);
    this.inside = false;
    this.inView = true;
    this.viewer = new IntersectionObserver(entries => {
      this.inView = entries[entries.length - 1].isIntersecting;
      this.refresh();
    }, { rootMargin: '100px' });
    this.viewer.observe(element);
    this.resizer = new ResizeObserver(() => { if (element.clientWidth > 0) this.chart.resize(); });
    this.resizer.observe(element);
    this.themes = new MutationObserver(() => { if (this.shape) this.draw(); });
    this.themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.listen();
  }

  configure(shape, data, number) {
    this.shape = shape;
    this.number = number;
    this.data = data;
    if (shape.group) {
      this.chart.group = shape.group;
      this.echarts.connect(shape.group);
    }
    this.draw();
  }

  // Returns false if a previous update is missing, because this one builds on its points.
  update(change, number) {
    if (number !== this.number + 1) return false;
    this.number = number;
    this.data = changed(this.data, change);
    this.refresh();
    return true;
  }

  // Draws pending data if the chart is visible and would look different, or always if requested.
  refresh(always = false) {
    const { shape, data } = this;
    if (!data) return;
    if (!always && (!this.inView || document.hidden || !this.looksOther())) return;
    this.drawn = data;
    this.chart.setOption({ xAxis: axisRange(shape, data), yAxis: valueAxis(shape, data), series: seriesData(shape, data) }, { lazyUpdate: !always });
  }

  // Whether the current points would look different from the drawn ones.
  looksOther() {
    const { chart, data, drawn } = this;
    if (!drawn || data.times.length !== drawn.times.length || data.times[0] !== drawn.times[0]) return true;
    const x = time => chart.convertToPixel({ xAxisIndex: 0 }, time);
    const y = value => chart.convertToPixel({ yAxisIndex: 0 }, value);
    if (['from', 'to'].some(edge => Math.abs(x(data[edge]) - x(drawn[edge])) >= VISIBLE_PX)) return true;
    const differs = (now, before) => now !== before && (now === null || before === null || Math.abs(y(now) - y(before)) >= VISIBLE_PX);
    return ['values', 'low', 'high'].some(key => data[key].some((points, i) => points?.some((value, k) => differs(value, drawn[key][i][k]))));
  }

  draw() {
    const { shape, data } = this;
    this.drawn = data;
    const theme = readTheme();
    this.theme = theme;
    const axis = valueAxis(shape, data);
    const drawn = seriesData(shape, data);
    const byId = new Map(drawn.map(s => [s.id, s.data]));
    const series = [];
    shape.series.forEach((s, i) => {
      const colour = s.colour ? (s.colour.startsWith('--') ? theme.named(s.colour) : s.colour) : theme.colours[i % theme.colours.length];
      const edge = { type: 'line', symbol: 'none', silent: true, animation: false, connectNulls: false, lineStyle: { opacity: 0 }, tooltip: { show: false }, stack: `b${i}`, stackStrategy: 'all' };
      if (s.band) {
        series.push({ ...edge, id: `l${i}`, name: `${s.name} lowest`, data: byId.get(`l${i}`) });
        series.push({ ...edge, id: `h${i}`, name: `${s.name} highest`, data: byId.get(`h${i}`), areaStyle: { color: colour, opacity: 0.16 } });
      }
      series.push({
        id: `s${i}`, name: s.name, type: s.kind === 'bar' ? 'bar' : 'line', data: byId.get(`s${i}`), animation: false,
        symbol: 'none', showAllSymbol: true, showSymbol: drawn.find(d => d.id === `s${i}`).showSymbol, connectNulls: false, stack: s.stack ?? undefined, barMaxWidth: 12, barMinWidth: 1,
        itemStyle: { color: colour }, lineStyle: { color: colour, width: 1.5, type: s.dash ? 'dashed' : 'solid' },
        areaStyle: s.kind === 'area' ? { color: colour, opacity: 0.18 } : undefined, emphasis: { disabled: true },
        markLine: i === 0 && (shape.thresholds.length || shape.marks.length) ? this.lines(theme) : undefined,
        markArea: i === 0 && shape.marks.some(mark => mark.to !== null) ? this.markedPeriods(theme) : undefined,
      });
    });
    this.chart.setOption({
      useUTC: shape.utc, animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: theme.font, color: theme.text },
      grid: { left: 8, right: 24, top: 12, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time', ...axisRange(shape, data), axisLine: { lineStyle: { color: theme.line } }, axisTick: { lineStyle: { color: theme.line } },
        axisLabel: { color: theme.faint, fontSize: 11, hideOverlap: true, formatter: timeFormat(shape.utc) }, splitLine: { show: false },
        axisPointer: { show: true, snap: true, label: { show: false }, lineStyle: { color: theme.faint, type: 'dashed' } },
      },
      yAxis: {
        type: 'value', ...axis, axisLabel: { color: theme.faint, fontSize: 11, ...axis.axisLabel },
        splitLine: { lineStyle: { color: theme.grid } },
      },
      tooltip: {
        trigger: 'axis', confine: true, transitionDuration: 0, backgroundColor: theme.surface, borderColor: theme.line, borderWidth: 1, padding: [6, 10],
        textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.font }, extraCssText: 'box-shadow:none',
        formatter: entries => this.tooltip(entries),
      },
      series,
    }, { notMerge: true });
  }

  // Thresholds across the chart, marked points from top to bottom.
  lines(theme) {
    const { thresholds, marks } = this.shape;
    const label = (text, state, position) =>
      ({ show: text !== '', formatter: text, position, color: theme[state] ?? theme.neutral, fontSize: 11, backgroundColor: theme.surface, padding: [1, 3] });
    const line = (state, type) => ({ color: theme[state] ?? theme.neutral, type, width: 1 });
    return {
      silent: true, symbol: 'none', animation: false,
      data: [
        ...thresholds.map(t => ({ yAxis: t.value, lineStyle: line(t.state, 'dashed'), label: label(t.label, t.state, 'insideStartTop') })),
        // A marker is often at the beginning of a finding: its label is on the other side and end of its line.
        ...marks.filter(m => m.to === null).map(m => m.state === 'marker'
          ? { xAxis: m.from, lineStyle: line(m.state, 'dotted'), label: label(this.at(m), m.state, 'insideStartBottom') }
          : { xAxis: m.from, lineStyle: line(m.state, 'solid'), label: label(this.at(m), m.state, 'insideEndTop') }),
      ],
    };
  }

  at(mark) {
    return mark.label === '' ? '' : `${mark.label}, ${minuteText(mark.from, this.shape.utc)}`;
  }

  markedPeriods(theme) {
    return {
      silent: true, animation: false,
      data: this.shape.marks.filter(m => m.to !== null)
        .map(m => [{ xAxis: m.from, itemStyle: { color: theme[m.state] ?? theme.neutral, opacity: 0.12 } }, { xAxis: m.to }]),
    };
  }

  // Only the chart under the pointer shows a tooltip; the others in its group show the crosshair.
  tooltip(entries) {
    if (!this.inside || entries.length === 0) return '';
    const box = document.createElement('div');
    const head = document.createElement('div');
    head.style.color = this.theme.faint;
    const offset = barOffset(this.shape, this.data);
    head.textContent = dateTimeText(entries[0].value[0] - offset, this.shape.utc);
    box.append(head);
    const at = this.data.times.indexOf(entries[0].value[0] - offset);
    this.shape.series.forEach((s, i) => {
      const entry = entries.find(e => e.seriesId === `s${i}`);
      if (!entry) return;
      const row = document.createElement('div');
      row.className = 'chart-tip-row';
      const dot = document.createElement('i');
      dot.style.background = entry.color;
      const name = document.createElement('span');
      name.textContent = s.name;
      const value = document.createElement('b');
      value.textContent = format(at >= 0 ? this.data.values[i][at] : entry.value[1], this.shape.unit);
      if (s.band && at >= 0 && this.data.low[i][at] !== null)
        value.textContent += `  (${format(this.data.low[i][at], this.shape.unit)} – ${format(this.data.high[i][at], this.shape.unit)})`;
      row.append(dot, name, value);
      box.append(row);
    });
    return box;
  }

  listen() {
    const { element } = this;
    let start = null;
    const brush = document.createElement('div');
    brush.className = 'chart-brush';
    brush.hidden = true;
    element.append(brush);
    const local = event => Math.min(Math.max(event.clientX - element.getBoundingClientRect().left, 0), element.clientWidth);
    const stop = new AbortController();
    const on = (name, handler) => element.addEventListener(name, handler, { signal: stop.signal });
    on('pointerenter', () => { this.inside = true; });
    on('pointerleave', () => { this.inside = false; });
    on('pointerdown', event => {
      if (event.button !== 0 || !this.shape?.canZoom) return;
      start = local(event);
    });
    on('pointermove', event => {
      if (start === null) return;
      const x = local(event);
      if (brush.hidden && Math.abs(x - start) >= MIN_DRAG_PX) {
        brush.hidden = false;
        element.setPointerCapture(event.pointerId);
      }
      brush.style.left = `${Math.min(x, start)}px`;
      brush.style.width = `${Math.abs(x - start)}px`;
    });
    on('pointercancel', () => { start = null; brush.hidden = true; });
    on('pointerup', event => {
      if (start === null) return;
      const [a, b] = [start, local(event)].sort((x, y) => x - y);
      start = null;
      if (brush.hidden) return;
      brush.hidden = true;
      const time = x => Math.min(Math.max(this.chart.convertFromPixel({ xAxisIndex: 0 }, x), this.data.from), this.data.to);
      const [from, to] = [Math.round(time(a)), Math.round(time(b))];
      if (to - from >= 1000) this.tell('Zoom', from, to);
    });
    // A click opens a bar once it is certain that it is not the first of a double click.
    let pending;
    this.chart.on('click', ({ seriesId, componentSubType, value }) => {
      clearTimeout(pending);
      if (!this.shape?.canOpen || componentSubType !== 'bar') return;
      pending = setTimeout(() => this.tell('OpenBar', Number(seriesId.slice(1)), Math.round(value[0] - barOffset(this.shape, this.data))), DOUBLE_CLICK_MS);
    });
    on('dblclick', () => {
      clearTimeout(pending);
      if (this.shape?.canZoom) this.tell('ZoomOut');
    });
    document.addEventListener('visibilitychange', () => this.refresh(), { signal: stop.signal });
    // Paper has the light theme, which the page has just taken on.
    window.addEventListener('beforeprint', () => { if (this.shape) this.draw(); }, { signal: stop.signal });
    this.stop = stop;
  }

  tell(name, ...values) {
    this.portal.invokeMethodAsync(name, ...values).catch(() => { /* the circuit is disconnected; the banner shows it */ });
  }

  save(name) {
    this.refresh(true);
    const link = document.createElement('a');
    link.href = this.chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: readTheme().surface });
    link.download = name;
    link.click();
  }

  dispose() {
    this.stop.abort();
    this.viewer.disconnect();
    this.resizer.disconnect();
    this.themes.disconnect();
    this.chart.dispose();
  }
}

/** Creates a chart in the element. The result has configure, update, save and dispose. */
export async function create(element, portal) {
  const echarts = await loadLibrary();
  return new TimeChart(echarts, element, portal);
}
