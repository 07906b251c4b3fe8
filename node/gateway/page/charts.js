'use strict';
// Two charts of the newest run, one point a second.
const charts = (() => {
  const ink = () => getComputedStyle(document.body).color;
  const axis = { stroke: ink, grid: { stroke: 'rgba(128,128,128,.2)' }, ticks: { stroke: 'rgba(128,128,128,.3)' } };
  const make = (id, lines) => {
    const box = document.getElementById(id);
    const options = { width: box.clientWidth || 300, height: 200, scales: { x: { time: false } }, axes: [axis, { ...axis, size: 60 }],
      series: [{ label: 's' }, ...lines.map(([label, stroke]) => ({ label, stroke, width: 2 }))] };
    const plot = new uPlot(options, [[], ...lines.map(() => [])], box);
    new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 200 })).observe(box);
    return plot;
  };
  const rate = make('rate', [['requests', '#3d8bfd'], ['errors', '#e5534b']]);
  const latency = make('latency', [['p50', '#2da44e'], ['p95', '#d29922'], ['p99', '#e5534b']]);
  return {
    show(list) {
      const x = list.map((i) => i.at_ms / 1000);
      // What only some drivers have reported is no figure of the fleet: a gap.
      const of = (value) => list.map((i) => (i.coverage < 1 ? null : value(i)));
      rate.setData([x, of((i) => i.requests), of((i) => i.errors)]);
      latency.setData([x, ...['p50_us', 'p95_us', 'p99_us'].map((k) => of((i) => i[k] / 1000))]);
    },
  };
})();
