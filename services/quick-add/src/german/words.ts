import type { Words } from "../grammar.ts";
import type { PartOfDay } from "../reference.ts";

const minute = 60_000;

const ones = "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(" ");
const teens = "dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split(" ");
const tens = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(" ");
const joined = "ein zwei drei vier fünf sechs sieben acht neun".split(" ");

/** 1 to 99 as they are written: the ones precede the tens. */
const numerals: readonly (readonly [string, number])[] = [
  ...[...ones, ...teens].map((word, index) => [word, index + 1] as const),
  ...tens.flatMap((ten, at) => [
    [ten, (at + 2) * 10] as const,
    ...joined.map((one, more) => [`${one}und${ten}`, (at + 2) * 10 + more + 1] as const),
  ]),
];

const irregular: Record<number, string> = { 1: "erst", 3: "dritt", 7: "siebt", 8: "acht" };

/** "erste" to "einunddreißigste", with the endings of every case. */
const ordinals = Object.fromEntries(
  numerals
    .filter(([, value]) => value <= 31)
    .map(([word, value]) => {
      const stem = irregular[value] ?? `${word}${value < 20 ? "t" : "st"}`;
      return [["e", "en", "er", "es", "em"].map((ending) => stem + ending).join(" "), value];
    }),
);

const weekdays = {
  "montag mo": 0,
  "dienstag di": 1,
  "mittwoch mi": 2,
  "donnerstag do": 3,
  "freitag fr": 4,
  "samstag sonnabend sa": 5,
  "sonntag so": 6,
};

const partWords: Record<string, PartOfDay> = {
  "morgen früh vormittag": "morning",
  mittag: "noon",
  nachmittag: "afternoon",
  abend: "evening",
  nacht: "night",
};

/** "Montagmorgen": a weekday and a part of it in one word. */
const dayParts = Object.fromEntries(
  Object.entries(weekdays).flatMap(([names, weekday]) =>
    Object.entries(partWords).map(([parts, part]) => {
      const words = names
        .split(" ")
        .filter((name) => name.length > 2)
        .flatMap((name) => parts.split(" ").map((each) => `${name}${each}`));
      return [words.join(" "), { weekday, part }] as const;
    }),
  ),
);

export const words: Words = {
  numbers: {
    ...Object.fromEntries(numerals),
    zwo: 2,
    "anderthalb eineinhalb": 1.5,
    zweieinhalb: 2.5,
    dreieinhalb: 3.5,
    viereinhalb: 4.5,
  },
  articles: { "ein eine einen einem einer eines": 1 },
  ordinals,
  weekdays,
  weekdayHabits: {
    montags: 0,
    dienstags: 1,
    mittwochs: 2,
    donnerstags: 3,
    freitags: 4,
    "samstags sonnabends": 5,
    sonntags: 6,
  },
  dayParts,
  months: {
    "januar jänner jan": 1,
    "februar feber feb": 2,
    "märz mrz mär": 3,
    "april apr": 4,
    mai: 5,
    "juni jun": 6,
    "juli jul": 7,
    "august aug": 8,
    "september sep sept": 9,
    "oktober okt": 10,
    "november nov": 11,
    "dezember dez": 12,
  },
  units: {
    "tag tage tagen": { unit: "day", times: 1 },
    "woche wochen": { unit: "week", times: 1 },
    "monat monate monaten monats": { unit: "month", times: 1 },
    "quartal quartale quartalen vierteljahr vierteljahre": { unit: "month", times: 3 },
    "halbjahr halbjahre": { unit: "month", times: 6 },
    "jahr jahre jahren": { unit: "year", times: 1 },
  },
  spans: { "stunde stunden std h": 60 * minute, "minute minuten min m": minute },
  parts: partWords,
  placeOfWeekday: (word, isCapital, isBeforeNumber) => {
    if (word.length > 2) return "anywhere";
    // "so" is a word of its own, and far more often that.
    return word === "so" && !isCapital && !isBeforeNumber ? null : "last";
  },
  and: ", und & / + sowie",
  to: "bis",
  grammar:
    "für mit um am im an bei und oder von bis zu zum zur ab in nach vor der die das den dem des ein eine einen mein meine sein ihr ist sind dann weil wenn aber jeden jede jedes alle gegen",
  counted:
    "fc og eg ug tag geschoss reihe wahl advent weihnachtstag weihnachtsfeiertag feiertag spieltag stock klasse semester versuch etage platz kapitel liga bundesliga mannschaft gang rang teil band akt satz januar",
  names:
    "guten morgen, guten abend, guten mittag, gute nacht, schönen abend, schönen nachmittag, black friday, schwarzer freitag, cyber monday, blauer montag",
  titles: "herr herrn frau fräulein familie dr prof professor onkel tante hr fam",
  ordinalEnd: /^\.$/,
};
