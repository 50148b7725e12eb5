// What the library draws: the options of a chart, in the colours of the theme.

import { axisRange, valueAxis } from './axes.js';
import { minuteText, timeFormat } from './format.js';
import { seriesData } from './series.js';

const css = (style, name) => style.getPropertyValue(name).trim();

/** The colours and the font of the page as it looks now. */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  return {
    text: css(style, '--text'), faint: css(style, '--text-2'), line: css(style, '--border'), grid: css(style, '--chart-grid'),
    surface: css(style, '--surface'), warning: css(style, '--warn'), critical: css(style, '--crit'), neutral: css(style, '--text-2'),
    font: getComputedStyle(document.body).fontFamily,
    colours: [1, 2, 3, 4, 5, 6].map(i => css(style, `--chart-${i}`)),
    named: name => css(style, name),
  };
}

/** The options that follow the points; an update sets only these. */
export const moving = (shape, data) => ({ xAxis: axisRange(shape, data), yAxis: valueAxis(shape, data), series: seriesData(shape, data) });

/** All options of a chart. */
export function options(shape, data, theme, tooltip) {
  const { xAxis, yAxis, series } = moving(shape, data);
  return {
    useUTC: shape.utc, animation: false, backgroundColor: 'transparent', textStyle: { fontFamily: theme.font, color: theme.text },
    grid: { left: 8, right: 24, top: 12, bottom: 4, containLabel: true },
    xAxis: {
      type: 'time', ...xAxis, axisLine: { lineStyle: { color: theme.line } }, axisTick: { lineStyle: { color: theme.line } },
      axisLabel: { color: theme.faint, fontSize: 11, hideOverlap: true, formatter: timeFormat(shape.utc) }, splitLine: { show: false },
      axisPointer: { show: true, snap: true, label: { show: false }, lineStyle: { color: theme.faint, type: 'dashed' } },
    },
    yAxis: { type: 'value', ...yAxis, axisLabel: { color: theme.faint, fontSize: 11, ...yAxis.axisLabel }, splitLine: { lineStyle: { color: theme.grid } } },
    tooltip: {
      trigger: 'axis', confine: true, transitionDuration: 0, backgroundColor: theme.surface, borderColor: theme.line, borderWidth: 1, padding: [6, 10],
      textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.font }, extraCssText: 'box-shadow:none',
      formatter: tooltip,
    },
    series: seriesOptions(shape, series, theme),
  };
}

function seriesOptions(shape, points, theme) {
  const byId = new Map(points.map(s => [s.id, s]));
  const series = [];
  shape.series.forEach((s, i) => {
    const colour = s.colour ? (s.colour.startsWith('--') ? theme.named(s.colour) : s.colour) : theme.colours[i % theme.colours.length];
    const edge = { type: 'line', symbol: 'none', silent: true, animation: false, connectNulls: false, lineStyle: { opacity: 0 }, tooltip: { show: false }, stack: `b${i}`, stackStrategy: 'all' };
    if (s.band) {
      series.push({ ...edge, name: `${s.name} lowest`, ...byId.get(`l${i}`) });
      series.push({ ...edge, name: `${s.name} highest`, ...byId.get(`h${i}`), areaStyle: { color: colour, opacity: 0.16 } });
    }
    const { id, data, showSymbol } = byId.get(`s${i}`);
    series.push({
      id, name: s.name, type: s.kind === 'bar' ? 'bar' : 'line', data, animation: false,
      symbol: 'none', showAllSymbol: true, showSymbol, connectNulls: false, stack: s.stack ?? undefined, barMaxWidth: 12, barMinWidth: 1,
      itemStyle: { color: colour }, lineStyle: { color: colour, width: 1.5, type: s.dash ? 'dashed' : 'solid' },
      areaStyle: s.kind === 'area' ? { color: colour, opacity: 0.18 } : undefined, emphasis: { disabled: true },
      markLine: i === 0 && (shape.thresholds.length || shape.marks.length) ? lines(shape, theme) : undefined,
      markArea: i === 0 && shape.marks.some(mark => mark.to !== null) ? markedPeriods(shape, theme) : undefined,
    });
  });
  return series;
}

/** Thresholds across the chart, marked points from top to bottom. */
function lines({ thresholds, marks, utc }, theme) {
  const label = (text, state, position) =>
    ({ show: text !== '', formatter: text, position, color: theme[state] ?? theme.neutral, fontSize: 11, backgroundColor: theme.surface, padding: [1, 3] });
  const line = (state, type) => ({ color: theme[state] ?? theme.neutral, type, width: 1 });
  return {
    silent: true, symbol: 'none', animation: false,
    data: [
      ...thresholds.map(t => ({ yAxis: t.value, lineStyle: line(t.state, 'dashed'), label: label(t.label, t.state, 'insideStartTop') })),
      // A marker is often at the beginning of a finding: its label is on the other side and end of its line.
      ...marks.filter(m => m.to === null).map(m => m.state === 'marker'
        ? { xAxis: m.from, lineStyle: line(m.state, 'dotted'), label: label(markText(m, utc), m.state, 'insideStartBottom') }
        : { xAxis: m.from, lineStyle: line(m.state, 'solid'), label: label(markText(m, utc), m.state, 'insideEndTop') }),
    ],
  };
}

const markText = (mark, utc) => (mark.label === '' ? '' : `${mark.label}, ${minuteText(mark.from, utc)}`);

function markedPeriods({ marks }, theme) {
  return {
    silent: true, animation: false,
    data: marks.filter(m => m.to !== null).map(m => [{ xAxis: m.from, itemStyle: { color: theme[m.state] ?? theme.neutral, opacity: 0.12 } }, { xAxis: m.to }]),
  };
}
