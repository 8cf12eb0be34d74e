import { metricsOfRules } from "@carillon/observability/foreign-metrics";
import * as chartLaws from "./chart-laws.ts";
import * as cloudLaws from "./cloud-laws.ts";
import * as networkLaws from "./network-laws.ts";
import type { PlaceLaw } from "./place.ts";
import { releaseLaws } from "./release-laws.ts";

const { rulesAreFed, ...ofCharts } = chartLaws;

/** Every law about a platform by its name. */
export const placeLaws: Record<string, PlaceLaw> = {
  ...ofCharts,
  ...cloudLaws,
  ...networkLaws,
  ...releaseLaws,
  rulesAreFed: rulesAreFed(metricsOfRules()),
};
