"use strict";

/** What Python wrote for the scripts: see `data.py`. */
const data = JSON.parse(document.getElementById("data").textContent);

/** Makes an element of HTML; children are elements or texts, and texts are never read as HTML. */
function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Makes an element of SVG. */
function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The parts of a message, in which backquotes mark code. */
function worded(message) {
  return message.split(/`([^`]+)`/).map((part, number) => (number % 2 ? element("code", {}, part) : part));
}

/** Calls back at once, and whenever the width of an element is another. */
function onWidth(target, callback) {
  let last = -1;
  new ResizeObserver(() => {
    const width = target.clientWidth;
    if (width !== last && width > 0) {
      last = width;
      callback(width);
    }
  }).observe(target);
}

const written = new Intl.NumberFormat("en").format;

/** A number with what it counts, such as "1 file" or "2 files". */
function counted(number, noun) {
  return `${written(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** A part of a total in per cent, rounded down, so that 100 means all. */
function percent(part, total) {
  return total ? `${(Math.floor((part * 10000) / total) / 100).toFixed(2)} %` : "-";
}
