// A thin layer over ECharts for the portal's time charts. The library is loaded once, for the first chart.
// A live update contains only the new points; options are rebuilt when the shape or theme changes. A chart that is not
// visible, because it is outside the viewport or in a hidden tab, is drawn when it becomes visible again.

// All modules are named here, so that the browser requests them at once.
import { valueAxis } from './charts/axes.js';
import { moving, options, readTheme } from './charts/drawing.js';
import { format } from './charts/format.js';
import { listen, tooltip } from './charts/interaction.js';
import { changed } from './charts/series.js';

export { format, valueAxis };

const LIBRARY = '_content/Vizor.ECharts/js/vizor-echarts-bundle-min.js';
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
    this.chart.setOption(moving(shape, data), { lazyUpdate: !always });
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
    this.drawn = this.data;
    this.theme = readTheme();
    // Only the chart under the pointer shows a tooltip; the others in its group show the crosshair.
    const tip = entries => (this.inside && entries.length > 0 ? tooltip(entries, this.shape, this.data, this.theme) : '');
    this.chart.setOption(options(this.shape, this.data, this.theme, tip), { notMerge: true });
  }

  listen() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    listen(this, signal);
    document.addEventListener('visibilitychange', () => this.refresh(), { signal });
    // Paper has the light theme, which the page has just taken on.
    window.addEventListener('beforeprint', () => { if (this.shape) this.draw(); }, { signal });
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
