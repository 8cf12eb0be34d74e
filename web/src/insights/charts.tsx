import { Html } from "../ui/html.ts";

type Bar = { label: string; count: number };

const height = 96;
const width = 720;

/** Bars drawn here, without a script, and the same numbers in a table that opens below. */
export const BarChart = ({ title, head, bars }: { title: string; head: string; bars: readonly Bar[] }) => {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const step = width / Math.max(1, bars.length);
  const sum = bars.reduce((all, { count }) => all + count, 0);
  return (
    <section class="chart">
      <h2 safe>{title}</h2>
      <svg
        class="bars-chart"
        viewBox={`0 0 ${width} ${height + 4}`}
        role="img"
        aria-label={`${title}: ${sum} in all, at most ${most}. The table below has each.`}
        focusable="false"
      >
        {bars.map(({ count }, index) => (
          <rect
            class={count === 0 ? "chart-none" : "chart-bar"}
            x={round(index * step + step * 0.12)}
            y={round(height - heightOf(count, most))}
            width={round(step * 0.76)}
            height={round(heightOf(count, most))}
            rx="1.5"
          />
        ))}
        <line class="chart-ground" x1="0" x2={String(width)} y1={String(height + 1)} y2={String(height + 1)} />
      </svg>
      <p class="chart-ends" aria-hidden="true">
        <span safe>{bars[0]?.label ?? ""}</span>
        <span safe>{bars.at(-1)?.label ?? ""}</span>
      </p>
      <details class="fold">
        <summary>The numbers</summary>
        <Numbers title={title} head={head} rows={bars.filter(({ count }) => count > 0)} />
      </details>
    </section>
  );
};

/** A day without anything keeps a hairline, so that days can be counted. */
const heightOf = (count: number, most: number): number => (count === 0 ? 1 : Math.max(3, (count / most) * height));

const round = (value: number): string => String(Math.round(value * 100) / 100);

const Numbers = ({ title, head, rows }: { title: string; head: string; rows: readonly Bar[] }) => (
  <table class="numbers">
    <caption class="sr-only" safe>
      {title}
    </caption>
    <thead>
      <tr>
        <th scope="col" safe>
          {head}
        </th>
        <th scope="col">Tasks</th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ label, count }) => (
        <tr>
          <th scope="row" safe>
            {label}
          </th>
          <td>{count}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

type Share = { name: string; count: number; mark?: JSX.Element; href?: string };

/** A table whose numbers have a bar beside them. */
export const Shares = ({ title, head, rows }: { title: string; head: string; rows: readonly Share[] }) => {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  if (rows.length === 0) return "";
  return (
    <section class="chart">
      <h2 safe>{title}</h2>
      <table class="numbers shares">
        <thead class="sr-only">
          <tr>
            <th scope="col" safe>
              {head}
            </th>
            <th scope="col">Tasks</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ShareRow share={row} most={most} />
          ))}
        </tbody>
      </table>
    </section>
  );
};

const ShareRow = ({ share: { name, count, mark = "", href }, most }: { share: Share; most: number }) => (
  <tr>
    <th scope="row">
      <span class="share-name">
        {mark}
        {href === undefined ? (
          <span safe>{name}</span>
        ) : (
          <a href={href} dir="auto" safe>
            {name}
          </a>
        )}
      </span>
    </th>
    <td>
      <span class="share">
        <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <rect class="chart-bar" width={round((count / most) * 100)} height="8" />
        </svg>
        <span>{count}</span>
      </span>
    </td>
  </tr>
);
