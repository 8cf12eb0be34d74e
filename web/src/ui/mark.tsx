import { Html } from "./html.ts";

type Bell = { x: number; top: number; width: number; height: number };

/** Outline of a bell that hangs at (`x`, `top`): dome, waist, lip. */
function bellPath({ x, top, width: w, height: h }: Bell): string {
  const at = (dx: number, dy: number) => `${round(x + dx * w)} ${round(top + dy * h)}`;
  const right = `C${at(0.28, 0)} ${at(0.3, 0.3)} ${at(0.32, 0.56)} C${at(0.34, 0.78)} ${at(0.42, 0.88)} ${at(0.5, 1)}`;
  const left = `C${at(-0.42, 0.88)} ${at(-0.34, 0.78)} ${at(-0.32, 0.56)} C${at(-0.3, 0.3)} ${at(-0.28, 0)} ${at(0, 0)}`;
  return `M${at(0, 0)} ${right} L${at(-0.5, 1)} ${left}Z`;
}

const round = (value: number): number => Math.round(value * 100) / 100;

const Hanging = ({ bell }: { bell: Bell }) => (
  <>
    <path d={bellPath(bell)} />
    <circle cx={round(bell.x)} cy={round(bell.top + bell.height * 1.02)} r={round(bell.width * 0.13)} />
  </>
);

const markBells: Bell[] = [
  { x: 9.5, top: 6, width: 15, height: 19 },
  { x: 24, top: 6, width: 10.5, height: 13.5 },
  { x: 34.5, top: 6, width: 7.5, height: 9.5 },
];

/** The logo of Carillon: a beam with three bells, from the deep one to the bright one. */
export const Mark = ({ class: extra }: { class?: string }) => (
  <svg class={["mark", extra ?? ""]} viewBox="0 0 40 30" aria-hidden="true" focusable="false">
    <rect x="1" y="2" width="38" height="3" rx="1.5" class="mark-beam" />
    {markBells.map((bell) => (
      <Hanging bell={bell} />
    ))}
  </svg>
);

export const Wordmark = () => (
  <span class="wordmark">
    <Mark />
    <span class="wordmark-name">Carillon</span>
  </span>
);

/** Sizes of the bells of one row of the tower, as shares of the largest. */
const rows = [
  { top: 20, count: 3, width: 62, height: 76 },
  { top: 128, count: 5, width: 40, height: 50 },
  { top: 206, count: 7, width: 28, height: 35 },
  { top: 266, count: 9, width: 21, height: 26 },
];

const towerBells: { beam: number; bells: Bell[] }[] = rows.map(({ top, count, width, height }) => ({
  beam: top,
  bells: Array.from({ length: count }, (_, index) => {
    const share = 1 - index / (count * 2.2);
    return { x: 20 + ((index + 0.5) * 280) / count, top: top + 5, width: width * share, height: height * share };
  }),
}));

/** A tower full of bells, for pages that have room for a picture. */
export const Tower = () => (
  <svg class="tower" viewBox="0 0 320 310" aria-hidden="true" focusable="false">
    {towerBells.map(({ beam, bells }) => (
      <g>
        <rect x="16" y={beam} width="288" height="4" rx="2" class="mark-beam" />
        {bells.map((bell) => (
          <Hanging bell={bell} />
        ))}
      </g>
    ))}
  </svg>
);

const restingBell: Bell = { x: 48, top: 14, width: 52, height: 54 };

/** One silent bell, for empty lists. */
export const RestingBell = () => (
  <svg class="resting-bell" viewBox="0 0 96 84" aria-hidden="true" focusable="false">
    <path class="mark-beam" d="M20 10h56" />
    <path d={bellPath(restingBell)} />
    <path class="resting-clapper" d="M43 68a5 5 0 0 0 10 0" />
  </svg>
);
