import type { Panel } from "./panel.ts";

export type Section = { title: string; panels: readonly Panel[] };
export type Dashboard = {
  /** Also its file and its address in Grafana. */
  uid: string;
  title: string;
  description: string;
  sections: readonly Section[];
};

/** Any Prometheus of this Grafana: selectable, by default the first. */
const datasource = { type: "prometheus", uid: "$" + "{prometheus}" };
const gridColumns = 24;
/** Grafana 11's version; 12 and 13 migrate it. */
const schemaVersion = 39;

/** The dashboard as Grafana's classic JSON model. Ids and positions follow from the order, so that diffs stay small. */
export function dashboardJson({ uid, title, description, sections }: Dashboard): object {
  return {
    uid: `carillon-${uid}`,
    title: `Carillon / ${title}`,
    description,
    tags: ["carillon"],
    schemaVersion,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: "30s",
    timezone: "browser",
    time: { from: "now-3h", to: "now" },
    annotations: { list: [] },
    templating: { list: [datasourceVariable, zipkinVariable] },
    links: [
      { type: "dashboards", title: "Carillon", tags: ["carillon"], asDropdown: true, keepTime: true },
      { type: "link", title: "Traces", url: "$" + "{zipkin}/zipkin/", icon: "external link", targetBlank: true },
    ],
    panels: placed(sections),
  };
}

const datasourceVariable = {
  name: "prometheus",
  label: "Prometheus",
  type: "datasource",
  query: "prometheus",
  current: {},
  hide: 0,
};
const zipkinVariable = {
  name: "zipkin",
  label: "Zipkin",
  description: "Where a browser finds Zipkin.",
  type: "textbox",
  query: "http://localhost:30001",
  current: { text: "http://localhost:30001", value: "http://localhost:30001" },
  hide: 0,
};

function placed(sections: readonly Section[]): object[] {
  const out: object[] = [];
  let y = 0;
  for (const { title, panels } of sections) {
    out.push({ id: out.length + 1, type: "row", title, collapsed: false, gridPos: { x: 0, y, w: gridColumns, h: 1 } });
    y += 1;
    let x = 0;
    let rowHeight = 0;
    for (const panel of panels) {
      if (x + panel.width > gridColumns) {
        x = 0;
        y += rowHeight;
        rowHeight = 0;
      }
      out.push(panelJson(panel, out.length + 1, { x, y, w: panel.width, h: panel.height }));
      x += panel.width;
      rowHeight = Math.max(rowHeight, panel.height);
    }
    y += rowHeight;
  }
  return out;
}

function panelJson(panel: Panel, id: number, gridPos: object): object {
  const { type, title, description, unit, queries, thresholds, stacked, links } = panel;
  const steps = thresholds.map(({ from, color }) => ({ value: from, color }));
  const custom = { fillOpacity: 10, showPoints: "never", ...(stacked && { stacking: { mode: "normal" } }) };
  return {
    id,
    type,
    title,
    description,
    gridPos,
    datasource,
    fieldConfig: {
      defaults: { unit, min: 0, thresholds: { mode: "absolute", steps }, ...(type === "timeseries" && { custom }) },
      overrides: [],
    },
    options: options[type],
    targets: queries.map(({ expr, legend = "" }, at) => ({
      refId: String.fromCharCode(65 + at),
      datasource,
      expr,
      legendFormat: legend || "__auto",
      ...(type === "table" || type === "bargauge" ? { instant: true, range: false } : {}),
      ...(type === "table" && { format: "table" }),
    })),
    ...(links.length > 0 && { links: links.map((link) => ({ ...link, targetBlank: true })) }),
  };
}

const lastValue = { calcs: ["lastNotNull"], fields: "", values: false };
const options: Record<Panel["type"], object> = {
  timeseries: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
  stat: { reduceOptions: lastValue, colorMode: "value", graphMode: "area", textMode: "auto" },
  table: { showHeader: true, cellHeight: "sm" },
  bargauge: { reduceOptions: lastValue, orientation: "horizontal", displayMode: "basic" },
};
