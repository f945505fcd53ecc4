"use strict";

/** Draws one chart for each series of the trend. */
function drawTrend(trend, target) {
  for (const { title, most, points } of trend.series) {
    const series = { title, most, points: points.map(pointOf) };
    const readout = element("p", { "aria-live": "polite" });
    const svg = drawn("svg", { role: "img", tabindex: "0" });
    const named = jumpsOf(series.points);
    target.append(
      element(
        "figure",
        { class: named.length ? "chart jumps" : "chart" },
        element("h3", {}, title),
        readout,
        svg,
        element("ul", {}, ...named),
      ),
    );
    const chart = { trend, series, svg, readout, at: points.length - 1 };
    readOut(chart);
    onWidth(svg, (width) => drawChart(chart, width));
    followPointer(chart);
  }
}

/** A point with names: see `_Drawn` in `data.py`. */
function pointOf([value, sample, isMerged, when, jump]) {
  const [number, commit, change] = jump ?? [];
  return { value, sample, isMerged, when, jump: jump && { number, commit, change } };
}

/** Names the jumps, each with what it brought in, which stands before it among the points. */
function jumpsOf(points) {
  const items = [];
  let merged = [];
  for (const { jump, isMerged } of points) {
    if (!jump) continue;
    const named = [`${jump.change} by `, element("code", {}, jump.commit)];
    if (isMerged) {
      merged = [", in it ", ...named, ...merged];
    } else {
      items.push(element("li", {}, `${jump.number}: `, ...named, ...merged));
      merged = [];
    }
  }
  return items;
}

/** Says what a chart has at its cursor: as text, which is there without a pointer too. */
function readOut({ trend, series, svg, readout, at }) {
  const point = series.points[at];
  readout.textContent = point
    ? `${point.value === null ? "not known" : written(point.value)} ` +
      (point.when || `on ${trend.dates[point.sample]} (${trend.names[point.sample]})`)
    : "no samples";
  const known = series.points.filter(({ value }) => value !== null);
  svg.setAttribute(
    "aria-label",
    `${series.title}: ${known.length ? `from ${written(known[0].value)} to ${written(known.at(-1).value)}` : "not known"}`,
  );
}

/**
 * Where the points of a series are from left to right, between two ends. Samples are as far apart as they were in
 * time, and where there are points in between as much further as these need; those share the way evenly.
 */
function spread({ times }, points, start, end) {
  const between = points.length - times.length;
  const step = between > 0 ? Math.min(72, ((end - start) * 0.6) / between) : 0;
  const duration = times.at(-1) - times[0];
  const elapsed = (sample) =>
    duration ? (times[sample] - times[0]) / duration : sample / Math.max(times.length - 1, 1);
  const places = [];
  let from = start;
  for (let first = 0; first < points.length; ) {
    const { sample } = points[first];
    let next = first;
    while (points[next]?.sample === sample) next += 1;
    const to = start + elapsed(sample) * (end - start - step * between) + step * (next - 1 - sample);
    for (let at = first; at < next; at += 1) {
      places.push(from + ((to - from) * (at - first + 1)) / (next - first));
    }
    from = to;
    first = next;
  }
  return places;
}

function drawChart(chart, width) {
  const { trend, series, svg } = chart;
  const height = svg.clientHeight || 176;
  const room = { left: 44, right: 18, top: 22, bottom: 22 };
  const known = series.points.map(({ value }) => value).filter((value) => value !== null);
  const y = d3.scaleLinear([0, series.most ?? Math.max(1, ...known)], [height - room.bottom, room.top]);
  if (series.most === null) y.nice(4);
  const x = spread(trend, series.points, room.left, width - room.right);
  const points = series.points.map((point, number) => ({
    ...point,
    cx: x[number],
    cy: point.value === null ? null : y(point.value),
  }));

  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren();
  for (const tick of y.ticks(4).filter(Number.isInteger)) {
    svg.append(
      drawn("line", { class: "grid", x1: room.left, x2: width - room.right, y1: y(tick), y2: y(tick) }),
      drawn("text", { x: room.left - 6, y: y(tick) + 4, "text-anchor": "end" }, written(tick)),
    );
  }
  drawDays(svg, trend, points, height - room.bottom);
  const path = d3
    .line(({ cx }) => cx, ({ cy }) => cy)
    .defined(({ cy }) => cy !== null);
  for (const aside of asides(points)) svg.append(drawn("path", { class: "aside", d: path(aside) }));
  svg.append(drawn("path", { class: "trend", d: path(points.filter(({ isMerged }) => !isMerged)) ?? "" }));
  if (trend.times.length <= 60) {
    for (const { cx, cy, isMerged } of points) {
      if (cy !== null) svg.append(drawn("circle", { class: isMerged ? "dot aside" : "dot", cx, cy, r: 2.5 }));
    }
  }
  drawJumps(svg, points, { left: room.left, right: width, bottom: height - room.bottom });
  chart.points = points;
  chart.cursor = drawn("line", {
    class: "cursor",
    y1: room.top,
    y2: height - room.bottom,
    visibility: "hidden",
  });
  svg.append(chart.cursor);
}

/** Writes days below samples, the last one and as many before as there is room for. */
function drawDays(svg, { dates }, points, bottom) {
  let [limit, day] = [Infinity, ""];
  for (let at = points.length - 1; at >= 0; at -= 1) {
    const { cx, sample } = points[at];
    if (points[at + 1]?.sample === sample || dates[sample] === day || cx > limit) continue;
    svg.append(
      drawn("line", { class: "grid", x1: cx, x2: cx, y1: bottom, y2: bottom + 4 }),
      drawn("text", { x: cx, y: bottom + 16, "text-anchor": "middle" }, dates[sample].slice(5)),
    );
    [limit, day] = [cx - 42, dates[sample]];
  }
}

/** The ways over points that a merge brought in, each from the last point of the line before to the merge. */
function asides(points) {
  const found = [];
  points.forEach((point, at) => {
    if (!point.isMerged) return;
    if (!points[at - 1].isMerged) found.push([points[at - 1]]);
    found.at(-1).push(point);
    if (!points[at + 1].isMerged) found.at(-1).push(points[at + 1]);
  });
  return found;
}

/** Draws a mark for each jump, and beside it the count and the commit where these hide nothing else. */
function drawJumps(svg, points, edges) {
  const taken = points.map(({ cx, cy, jump }) => boxAround(cx, cy, jump ? 8 : 4, jump ? 8 : 4));
  for (const { cx, cy, value, isMerged, when, jump } of points) {
    if (!when) continue;
    const text = jump ? `${written(value)} ${jump.commit}` : written(value);
    const half = text.length * 3.3 + 4; // with a gap to what stands beside it
    if (jump) {
      const mark = isMerged
        ? [drawn("circle", { cx, cy, r: 5 })]
        : [drawn("circle", { cx, cy, r: 8 }), drawn("text", { x: cx, y: cy + 4 }, String(jump.number))];
      svg.append(drawn("g", { class: isMerged ? "jump merged" : "jump" }, ...mark));
    }
    const spots = [
      [cx, cy - 16],
      [cx + half + 6, cy + 16],
      [cx - half - 6, cy - 16],
      [cx, cy + 16],
      [cx + half + 12, cy],
      [cx - half - 12, cy],
    ].map(([x, y]) => ({ x, y, ...boxAround(x, y, half, 6) }));
    const spot = spots.find((box) => isWithin(box, edges) && !taken.some((other) => areOver(box, other)));
    if (!spot) continue; // the list below the chart names it
    taken.push(spot);
    svg.append(drawn("text", { class: "beside", x: spot.x, y: spot.y + 4 }, text));
  }
}

function boxAround(x, y, width, height) {
  return { left: x - width, right: x + width, top: y - height, bottom: y + height };
}

function isWithin(box, edges) {
  return box.left >= edges.left && box.right <= edges.right && box.top >= 0 && box.bottom <= edges.bottom;
}

function areOver(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Lets the pointer, or the arrow keys, choose the point that is read out. */
function followPointer(chart) {
  const { svg, series } = chart;
  const end = series.points.length - 1;
  const show = (at) => {
    chart.at = Math.min(Math.max(at, 0), end);
    readOut(chart);
    if (!chart.points?.length) return;
    const x = chart.points[chart.at].cx;
    for (const key of ["x1", "x2"]) chart.cursor.setAttribute(key, x);
    chart.cursor.setAttribute("visibility", "visible");
  };
  const rest = () => {
    show(end);
    chart.cursor?.setAttribute("visibility", "hidden");
  };
  svg.addEventListener("pointermove", (event) => {
    const x = event.clientX - svg.getBoundingClientRect().left;
    const distances = (chart.points ?? []).map((point) => Math.abs(point.cx - x));
    show(distances.indexOf(Math.min(...distances)));
  });
  svg.addEventListener("pointerleave", rest);
  svg.addEventListener("blur", rest);
  svg.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in steps) {
      event.preventDefault();
      show(chart.at + steps[event.key]);
    }
  });
}
