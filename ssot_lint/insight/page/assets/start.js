"use strict";

const theme = document.getElementById("theme");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function nameTheme() {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-label", `Show in ${isDark() ? "light" : "dark"} colours`);
}

theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
nameTheme();
theme.hidden = false;

if (data.trend) drawTrend(data.trend, document.getElementById("charts"));
const table = data.findings?.path.length ? new FindingsTable(data.findings, data.folders) : null;
if (data.folders?.length) {
  drawFolders(data.folders, document.getElementById("treemap"), (folder) => table?.only("folder", folder));
}

// Numbers of the summary tables lead to the findings that they count.
for (const link of document.querySelectorAll("a[data-rule], a[data-folder], a[data-owner]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const [[name, value]] = Object.entries(link.dataset);
    table?.only(name, name === "owner" && !value ? NOBODY : value);
  });
}
