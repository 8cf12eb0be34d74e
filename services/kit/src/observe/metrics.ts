import { type Metric, metricCatalogue } from "@carillon/contracts/metrics";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export const registry = new Registry();
collectDefaultMetrics({ register: registry });

/** What the code counts with, for one metric of the catalogue. */
type Instrument<Entry extends Metric> = Entry extends { kind: "counter" }
  ? Counter<Entry["labels"][number]>
  : Entry extends { kind: "gauge" }
    ? Gauge<Entry["labels"][number]>
    : Histogram<Entry["labels"][number]>;

type Instruments<Catalogue extends Record<string, Metric>> = { [Key in keyof Catalogue]: Instrument<Catalogue[Key]> };

/** The metrics of this process, each registered under its catalogue's name. */
export const metrics = instruments(metricCatalogue);

function instruments<Catalogue extends Record<string, Metric>>(catalogue: Catalogue): Instruments<Catalogue> {
  const all = Object.entries(catalogue).map(([key, metric]) => [key, instrument(metric)]);
  // Sound: one instrument per key, of the kind and with the labels that the entry names.
  return Object.fromEntries(all) as Instruments<Catalogue>;
}

function instrument({ kind, name, help, labels, buckets = [] }: Metric): Counter | Gauge | Histogram {
  const settings = { name, help, labelNames: [...labels], registers: [registry] };
  if (kind === "counter") return new Counter(settings);
  return kind === "gauge" ? new Gauge(settings) : new Histogram({ ...settings, buckets: [...buckets] });
}
