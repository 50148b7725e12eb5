// What a pointer does on a chart: the tooltip, the brush that zooms, a click on a bar.

import { dateTimeText, format } from './format.js';
import { barOffset } from './series.js';

const MIN_DRAG_PX = 6;
const DOUBLE_CLICK_MS = 300;

function make(name, text, className) {
  const element = document.createElement(name);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** The tooltip of a point in time: the value of each series, with its band. */
export function tooltip(entries, shape, data, theme) {
  const time = entries[0].value[0] - barOffset(shape, data);
  const at = data.times.indexOf(time);
  const box = document.createElement('div');
  const head = make('div', dateTimeText(time, shape.utc));
  head.style.color = theme.faint;
  box.append(head);
  shape.series.forEach((s, i) => {
    const entry = entries.find(e => e.seriesId === `s${i}`);
    if (!entry) return;
    const dot = make('i', '', 'swatch ma-0');
    dot.style.background = entry.color;
    const value = make('b', format(at >= 0 ? data.values[i][at] : entry.value[1], shape.unit), 'ml-auto pl-4');
    if (s.band && at >= 0 && data.low[i][at] !== null)
      value.textContent += `  (${format(data.low[i][at], shape.unit)} – ${format(data.high[i][at], shape.unit)})`;
    const row = make('div', '', 'd-flex align-center gap-2 num');
    row.append(dot, make('span', s.name), value);
    box.append(row);
  });
  return box;
}

/** Handles the pointer on a chart until the signal is aborted. */
export function listen(owner, signal) {
  const { element, chart } = owner;
  const on = (name, handler) => element.addEventListener(name, handler, { signal });
  on('pointerenter', () => { owner.inside = true; });
  on('pointerleave', () => { owner.inside = false; });
  brush(owner, on);
  // A click opens a bar once it is certain that it is not the first of a double click.
  let pending;
  chart.on('click', ({ seriesId, componentSubType, value }) => {
    clearTimeout(pending);
    if (!owner.shape?.canOpen || componentSubType !== 'bar') return;
    pending = setTimeout(() => owner.tell('OpenBar', Number(seriesId.slice(1)), Math.round(value[0] - barOffset(owner.shape, owner.data))), DOUBLE_CLICK_MS);
  });
  on('dblclick', () => {
    clearTimeout(pending);
    if (owner.shape?.canZoom) owner.tell('ZoomOut');
  });
}

/** Dragging across a chart selects a range of time. */
function brush(owner, on) {
  const { element, chart } = owner;
  const area = make('div', '', 'chart-brush');
  area.hidden = true;
  element.append(area);
  const local = event => Math.min(Math.max(event.clientX - element.getBoundingClientRect().left, 0), element.clientWidth);
  let start = null;
  on('pointerdown', event => {
    if (event.button === 0 && owner.shape?.canZoom) start = local(event);
  });
  on('pointermove', event => {
    if (start === null) return;
    const x = local(event);
    if (area.hidden && Math.abs(x - start) >= MIN_DRAG_PX) {
      area.hidden = false;
      element.setPointerCapture(event.pointerId);
    }
    area.style.left = `${Math.min(x, start)}px`;
    area.style.width = `${Math.abs(x - start)}px`;
  });
  on('pointercancel', () => { start = null; area.hidden = true; });
  on('pointerup', event => {
    if (start === null) return;
    const [a, b] = [start, local(event)].sort((x, y) => x - y);
    start = null;
    if (area.hidden) return;
    area.hidden = true;
    const time = x => Math.round(Math.min(Math.max(chart.convertFromPixel({ xAxisIndex: 0 }, x), owner.data.from), owner.data.to));
    const [from, to] = [time(a), time(b)];
    if (to - from >= 1000) owner.tell('Zoom', from, to);
  });
}
