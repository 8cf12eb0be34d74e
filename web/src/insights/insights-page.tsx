import { dayIn, dayText } from "@carillon/calendar/zone";
import type { Insights } from "@carillon/contracts/http/insights";
import { priorities } from "@carillon/contracts/http/tasks";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { dayName, dayOf, weekOf } from "../time.ts";
import { priorityLabels, TagDot, tagHref } from "../ui/badges.tsx";
import { Empty } from "../ui/empty.tsx";
import { Html } from "../ui/html.ts";
import { BarChart, Shares } from "./charts.tsx";

type Stretch = { days: number; label: string };

const usual: Stretch = { days: 30, label: "30 days" };
const stretches: readonly Stretch[] = [usual, { days: 90, label: "90 days" }, { days: 365, label: "A year" }];

/** More days than this are drawn by weeks. */
const maxDaysDrawn = 60;

/** `GET /insights?days`: what was done in the last days, each chart with its numbers in a table. */
export async function showInsights(visit: Visit): Promise<Response> {
  const asked = Number(visit.url.searchParams.get("days"));
  const stretch = stretches.find(({ days }) => days === asked) ?? usual;
  const zone = visit.user.time_zone;
  const [from, to] = [dayOf(visit.now, zone, 1 - stretch.days).start, dayOf(visit.now, zone).end];
  const insights = await visit.api.insights({ from, to });
  return show(visit, {
    title: "Insights",
    place: "insights",
    main: <InsightsMain visit={visit} insights={insights} stretch={stretch} />,
  });
}

type MainProps = { visit: Visit; insights: Insights; stretch: Stretch };

const InsightsMain = ({ visit, insights, stretch }: MainProps) => {
  const done = insights.completed_by_day.reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="column">
      <header class="page-head">
        <h1>Insights</h1>
      </header>
      <nav class="tabs" aria-label="Stretch of time">
        {stretches.map((one) => (
          <a class="tab" href={`/insights?days=${one.days}`} aria-current={one === stretch ? "page" : undefined} safe>
            {one.label}
          </a>
        ))}
      </nav>
      <Figures insights={insights} done={done} />
      {done === 0 ? (
        <Empty title="Nothing done in this time">Complete a task, and it is counted here on its day.</Empty>
      ) : (
        <Charts visit={visit} insights={insights} stretch={stretch} />
      )}
    </div>
  );
};

const Figures = ({
  insights: { streak, on_time: onTime, open, overdue },
  done,
}: {
  insights: Insights;
  done: number;
}) => (
  <dl class="figures">
    <Figure label="Done" value={String(done)} />
    <Figure label="In time" value={onTime.ratio === null ? "–" : `${Math.round(onTime.ratio * 100)} %`} />
    <Figure label="Days in a row" value={`${streak.current} (best ${streak.longest})`} />
    <Figure label="Open" value={String(open)} />
    <Figure label="Overdue" value={String(overdue)} />
  </dl>
);

const Figure = ({ label, value }: { label: string; value: string }) => (
  <div class="figure">
    <dt safe>{label}</dt>
    <dd safe>{value}</dd>
  </div>
);

/** The days of the stretch, or the first ones of its weeks, early to late: those without anything done too. */
function datesOf({ now, user }: Visit, { days, step }: { days: number; step: 1 | 7 }): string[] {
  const today = dayIn(now, user.time_zone);
  const first = today + 1 - days;
  const start = step === 7 ? weekOf(first, user) : first;
  return Array.from({ length: Math.floor((today - start) / step) + 1 }, (_, index) => dayText(start + index * step));
}

const Charts = ({ visit, insights, stretch }: MainProps) => {
  const byDay = stretch.days <= maxDaysDrawn;
  const counted = byDay ? insights.completed_by_day : insights.completed_by_week;
  const counts = new Map(counted.map(({ date, count }) => [date, count]));
  const bars = datesOf(visit, { days: stretch.days, step: byDay ? 1 : 7 }).map((date) => ({
    label: dayName(date, visit.now, visit.user),
    count: counts.get(date) ?? 0,
  }));
  return (
    <>
      <BarChart title={byDay ? "Done each day" : "Done each week"} head={byDay ? "Day" : "Week from"} bars={bars} />
      <Shares
        title="By tag"
        head="Tag"
        rows={insights.by_tag.map(({ name, color, count }) => ({
          name,
          count,
          mark: <TagDot color={color} />,
          href: tagHref(name),
        }))}
      />
      <Shares
        title="By priority"
        head="Priority"
        rows={priorities
          .toReversed()
          .map((level) => ({ name: priorityLabels[level], count: insights.by_priority[level] }))}
      />
    </>
  );
};
