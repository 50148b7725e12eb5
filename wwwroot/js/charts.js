// A thin layer over ECharts for the portal's time charts. The library is loaded once, for the first chart.
// A live update contains only the new points; options are rebuilt when the shape or theme changes. A chart that is not
// visible, because it is outside the viewport or in a hidden tab, is drawn when it becomes visible again.

const LIBRARY = '_content/Vizor.ECharts/js/vizor-echarts-bundle-min.js';
const MIN_DRAG_PX = 6;
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

const formats = [0, 1, 2, 3].map(digits => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }));
const plain = [0, 1, 2, 3].map(digits => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits, useGrouping: false }));
const tenths = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false });
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

const rounded = (value, digits) => plain[digits].format(value).replace(/^-0$/, '0');

function number(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 99.95) return formats[0].format(value);
  if (size >= 9.995) return plain[1].format(value);
  if (size >= 0.9995) return plain[2].format(value);
  if (size >= 0.0005) return plain[3].format(value);
  return value.toExponential(2).replace(/\.?0*e/, 'E');
}

function bytes(value) {
  let power = 0;
  for (; Math.abs(value) >= (power ? 1023.95 : 1023.5) && power < BYTE_UNITS.length - 1; power++) value /= 1024;
  return `${rounded(value, power ? 1 : 0)} ${BYTE_UNITS[power]}`;
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

function rate(value) {
  const size = Math.abs(value);
  if (size === 0 || size >= 1) return `${number(value)} /s`;
  return size >= 1 / 60 ? `${number(value * 60)} /min` : `${number(value * 3600)} /h`;
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

function seriesData(shape, data) {
  const { times } = data;
  const list = [];
  shape.series.forEach((series, i) => {
    const values = data.values[i];
    list.push({ id: `s${i}`, ...(series.kind === 'bar' ? { data: flat(times, k => values[k]) } : line(times, values)) });
    if (!series.band) return;
    const [low, high] = [data.low[i], data.high[i]];
    list.push({ id: `l${i}`, data: flat(times, k => low[k]) });
    list.push({ id: `h${i}`, data: flat(times, k => (low[k] === null || high[k] === null ? null : high[k] - low[k])) });
  });
  return list;
}

// Readable axis steps: 25 % for percentages, powers of two for bytes.
function valueSteps(shape, data) {
  if (shape.unit === '%' && shape.max === 100) return { interval: 25 };
  if (!shape.unit?.startsWith('bytes')) return {};
  let top = 0;
  data.values.forEach((values, i) => {
    for (const value of data.high[i] ?? values) if (value > top) top = value;
  });
  if (!(top > 0)) return {};
  const interval = 2 ** Math.ceil(Math.log2(top / 4));
  return { interval, max: shape.max ?? interval * Math.ceil(top / interval) };
}

/** Applies an update: drops the oldest points, keeps the next ones and appends the new ones. */
function changed(data, change) {
  const join = (kept, added) => (added ? [...kept.slice(change.drop, change.drop + change.keep), ...added] : null);
  const all = key => change[key].map((added, i) => join(data[key][i], added));
  return { from: change.from, to: change.to, times: join(data.times, change.times), values: all('values'), low: all('low'), high: all('high') };
}

const axisRange = data => ({ min: data.from, max: data.to });

function dateTimeText(ms, utc) {
  const at = new Date(ms);
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  return at.toLocaleString('sv-SE', utc ? { ...options, timeZone: 'UTC' } : options);
}

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
    this.chart.setOption({ xAxis: axisRange(data), yAxis: valueSteps(shape, data), series: seriesData(shape, data) }, { lazyUpdate: !always });
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
    const drawn = seriesData(shape, data);
    const byId = new Map(drawn.map(s => [s.id, s.data]));
    const series = [];
    shape.series.forEach((s, i) => {
      const colour = s.colour ? (s.colour.startsWith('--') ? css(getComputedStyle(document.documentElement), s.colour) : s.colour) : theme.colours[i % theme.colours.length];
      const plain = { type: 'line', symbol: 'none', silent: true, animation: false, connectNulls: false, lineStyle: { opacity: 0 }, tooltip: { show: false }, stack: `b${i}`, stackStrategy: 'all' };
      if (s.band) {
        series.push({ ...plain, id: `l${i}`, name: `${s.name} lowest`, data: byId.get(`l${i}`) });
        series.push({ ...plain, id: `h${i}`, name: `${s.name} highest`, data: byId.get(`h${i}`), areaStyle: { color: colour, opacity: 0.16 } });
      }
      series.push({
        id: `s${i}`, name: s.name, type: s.kind === 'bar' ? 'bar' : 'line', data: byId.get(`s${i}`), animation: false,
        symbol: 'none', showAllSymbol: true, showSymbol: drawn.find(d => d.id === `s${i}`).showSymbol, connectNulls: false, stack: s.stack ?? undefined, barMaxWidth: 12, barMinWidth: 1,
        itemStyle: { color: colour }, lineStyle: { color: colour, width: 1.5, type: s.dash ? 'dashed' : 'solid' },
        areaStyle: s.kind === 'area' ? { color: colour, opacity: 0.18 } : undefined, emphasis: { disabled: true },
        markLine: i === 0 && shape.thresholds.length ? this.thresholdLines(theme) : undefined,
      });
    });
    this.chart.setOption({
      useUTC: shape.utc, animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: theme.font, color: theme.text },
      grid: { left: 8, right: 14, top: 12, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time', ...axisRange(data), axisLine: { lineStyle: { color: theme.line } }, axisTick: { lineStyle: { color: theme.line } },
        axisLabel: { color: theme.faint, fontSize: 11, hideOverlap: true }, splitLine: { show: false },
        axisPointer: { show: true, snap: true, label: { show: false }, lineStyle: { color: theme.faint, type: 'dashed' } },
      },
      yAxis: {
        type: 'value', min: shape.min ?? undefined, max: shape.max ?? undefined, splitNumber: 4, ...valueSteps(shape, data),
        axisLabel: { color: theme.faint, fontSize: 11, formatter: v => format(v, shape.unit) },
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

  thresholdLines(theme) {
    return {
      silent: true, symbol: 'none', animation: false,
      data: this.shape.thresholds.map(t => ({
        yAxis: t.value,
        lineStyle: { color: theme[t.state] ?? theme.neutral, type: 'dashed', width: 1 },
        label: { formatter: t.label, position: 'insideStartTop', color: theme[t.state] ?? theme.neutral, fontSize: 11, backgroundColor: theme.surface, padding: [1, 3] },
      })),
    };
  }

  // Only the chart under the pointer shows a tooltip; the others in its group show the crosshair.
  tooltip(entries) {
    if (!this.inside || entries.length === 0) return '';
    const box = document.createElement('div');
    const head = document.createElement('div');
    head.className = 'chart-tip-time';
    head.textContent = dateTimeText(entries[0].axisValue, this.shape.utc);
    box.append(head);
    const at = this.data.times.indexOf(entries[0].value[0]);
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
    on('dblclick', () => { if (this.shape?.canZoom) this.tell('ZoomOut'); });
    document.addEventListener('visibilitychange', () => this.refresh(), { signal: stop.signal });
    window.addEventListener('beforeprint', () => this.refresh(true), { signal: stop.signal });
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
