/** Units as Grafana calls them. */
export type Unit = "short" | "s" | "ms" | "percentunit" | "reqps" | "ops" | "bytes" | "Bps" | "none" | "bool_on_off";

export type Query = { expr: string; legend?: string };
type Threshold = { from: number | null; color: "green" | "orange" | "red" };
type Link = { title: string; url: string };

export type Panel = {
  type: "timeseries" | "stat" | "table" | "bargauge";
  title: string;
  /** What it shows, and what is normal; displayed on hover. */
  description: string;
  unit: Unit;
  queries: readonly Query[];
  /** Of 24. */
  width: number;
  height: number;
  thresholds: readonly Threshold[];
  stacked: boolean;
  links: readonly Link[];
};

type Given = Pick<Panel, "title" | "description" | "unit" | "queries"> &
  Partial<Pick<Panel, "width" | "height" | "stacked" | "links">> & {
    /** Orange from here on. */
    warnFrom?: number;
    /** Red from here on; below `warnFrom`, if that is the larger: less is worse. */
    badFrom?: number;
  };

const make =
  (type: Panel["type"], size: { width: number; height: number }) =>
  ({ warnFrom, badFrom, ...given }: Given): Panel => ({
    ...size,
    stacked: false,
    links: [],
    ...given,
    type,
    thresholds: thresholdsOf(warnFrom, badFrom),
  });

export const graph = make("timeseries", { width: 12, height: 8 });
export const stat = make("stat", { width: 6, height: 5 });
export const table = make("table", { width: 12, height: 8 });
export const bars = make("bargauge", { width: 12, height: 8 });

function thresholdsOf(warnFrom: number | undefined, badFrom: number | undefined): Threshold[] {
  if (warnFrom !== undefined && badFrom !== undefined && badFrom < warnFrom) {
    return [
      { from: null, color: "red" },
      { from: badFrom, color: "orange" },
      { from: warnFrom, color: "green" },
    ];
  }
  const warn: Threshold[] = warnFrom === undefined ? [] : [{ from: warnFrom, color: "orange" }];
  const bad: Threshold[] = badFrom === undefined ? [] : [{ from: badFrom, color: "red" }];
  return [{ from: null, color: "green" }, ...warn, ...bad];
}
