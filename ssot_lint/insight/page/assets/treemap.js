"use strict";

/** Draws folders as areas, one in another: as large as their findings or files, coloured by how much is clean. */
function drawFolders(folders, target, showFindings) {
  const map = target.querySelector(".map");
  const crumbs = target.querySelector(".crumbs");
  const root = treeOf(folders);
  let shown = root;
  let size = "findings";

  const go = (folder) => {
    shown = folder;
    draw();
    crumbs.lastElementChild.focus();
  };
  const draw = () => {
    drawCrumbs(shown, crumbs, go, showFindings);
    drawMap(shown, map, size, go);
  };
  target.addEventListener("change", (event) => {
    size = event.target.value;
    draw();
  });
  target.hidden = false;
  onWidth(map, draw);
}

/** Makes a tree of rows; each folder has all that is below it, and its own files as one more child. */
function treeOf(folders) {
  const byPath = new Map();
  for (const [path, files, clean, broken, findings] of folders) {
    byPath.set(path, {
      path,
      name: path.slice(path.lastIndexOf("/") + 1),
      files,
      clean,
      broken,
      findings,
      children: [],
      parent: null,
    });
  }
  for (const folder of byPath.values()) {
    if (folder.path === "") continue;
    const above = folder.path.slice(0, Math.max(folder.path.lastIndexOf("/"), 0));
    folder.parent = byPath.get(above) ?? null;
    folder.parent?.children.push(folder);
  }
  for (const folder of byPath.values()) {
    if (!folder.children.length) continue;
    const own = { path: folder.path, name: "own files", children: [], parent: folder, isOwn: true };
    for (const key of ["files", "clean", "broken", "findings"]) {
      own[key] = folder.children.reduce((left, child) => left - child[key], folder[key]);
    }
    if (own.files > 0) folder.children.push(own);
  }
  return byPath.get("") ?? [...byPath.values()][0];
}

function drawCrumbs(shown, crumbs, go, showFindings) {
  const chain = [];
  for (let folder = shown; folder; folder = folder.parent) chain.unshift(folder);
  const buttons = chain.map((folder) => {
    const button = element("button", { type: "button" }, folder.name || "all folders");
    if (folder === shown) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => (folder === shown ? showFindings(folder.path) : go(folder)));
    return button;
  });
  buttons.at(-1).textContent += `: show ${counted(shown.findings, "finding")}`;
  crumbs.replaceChildren(...buttons);
}

function drawMap(shown, map, size, go) {
  const depth = 2;
  const tree = d3
    .hierarchy(shown, (folder) => folder.children)
    .eachBefore((node) => (node.value = node.data[size]))
    .sort((one, other) => other.value - one.value || (one.data.path < other.data.path ? -1 : 1));
  const layout = d3
    .treemap()
    .size([map.clientWidth, map.clientHeight])
    .paddingTop((node) => (node.depth === 1 && node.children ? 20 : 0))
    .paddingInner(1);
  layout(tree);
  const cells = tree.descendants().filter((node) => node.depth <= depth && (node.depth || !node.children));
  map.replaceChildren(
    ...cells
      .filter((node) => node.x1 - node.x0 >= 3 && node.y1 - node.y0 >= 3)
      .map((node) => cell(node, tree, go)),
  );
  if (!tree.value) map.replaceChildren(element("div", {}, `no ${size} here`));
}

function cell(node, whole, go) {
  const folder = node.data;
  const [width, height] = [node.x1 - node.x0, node.y1 - node.y0];
  const told = `${counted(folder.findings, "finding")} in ${counted(folder.files, "file")}, ${percent(folder.clean, folder.files)} clean`;
  const leads = node !== whole && !folder.isOwn;
  const made = element(leads ? "button" : "div", {
    class: `share-${shareOf(folder)}`,
    title: `${folder.path || "the root"}${folder.isOwn ? ", own files" : ""}: ${told}`,
  });
  if (leads) {
    made.type = "button";
    made.setAttribute("aria-label", made.title);
    made.tabIndex = node.depth === 1 ? 0 : -1;
    made.addEventListener("click", () => go(folder));
  }
  if (width > 34 && height >= 19) made.append(element("b", {}, folder.name || "all folders"));
  if (width > 60 && height > 34 && !(node.depth === 1 && node.children))
    made.append(element("span", {}, `${written(node.value)} · ${percent(folder.clean, folder.files)}`));
  // Parts of the whole fit paper too, which is not as wide as the window.
  const [across, down] = [100 / whole.x1, 100 / whole.y1];
  made.style.left = `${node.x0 * across}%`;
  made.style.top = `${node.y0 * down}%`;
  made.style.width = `${width * across}%`;
  made.style.height = `${height * down}%`;
  return made;
}

/** The class of colour for how many of the files of a folder are clean; only all is the last. */
function shareOf({ clean, files }) {
  if (clean === files) return 5;
  return [0.1, 0.25, 0.5, 0.75, 1].findIndex((limit) => clean / files < limit);
}
