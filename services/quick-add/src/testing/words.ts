import fc from "fast-check";

/** Words that mean something, words that do not, and what stands between them. */
const pieces: Record<"en" | "de", readonly string[]> = {
  en: (
    "today tomorrow monday Friday sat sun mon next last this every each other second 2nd third day days week weeks month months year " +
    "weekday workday weekend morning evening night at on in by from until till for of the a an and 1 2 3 9 10 12 15 24 30 31 99 1st 15th 31st " +
    "jan march may December 2026 2027 2199 5.12. 3/4 31/2 2026-12-24 9am 5pm 18:30 25:00 9-11 noon midnight half past quarter to before after " +
    "completion times x10 remind me reminder 1d 30m !30m !high p1 p2 #home #büro daily weekly monthly yearly starting ending no date except " +
    'call mum report Anna Sunday Times please create task : , . ! ? ( ) " \\ - – @ + # 🛒 ‏ ａｔ'
  ).split(" "),
  de: (
    "heute morgen übermorgen Montag Freitag Fr Sa So mo nächsten letzten diesen jeden jede jedes alle zweiten dritten Tag Tage Woche Wochen " +
    "Monat Monate Jahr Werktag Wochenende Abend früh abends um am an in im bis ab vom von für des der die das und 1 2 3 9 10 12 15 24 30 31 1. " +
    "15. 31. Januar März Mai Dezember 2026 2027 5.12. 3/4 31.2. 2026-12-24 9 Uhr 18:30 25:00 9-11 halb viertel vor nach acht zehn zwölf " +
    "Erledigung mal zehnmal erinnere mich erinnern vorher !30m !hoch p1 p2 #arbeit täglich wöchentlich monatlich jährlich freitags montags " +
    'kein Datum außer Mama anrufen Bericht bitte Aufgabe : , . ! ? ( ) " \\ - – + # 🛒 ‏ u\u0308bermorgen'
  ).split(" "),
};

export const languages = fc.constantFrom("en" as const, "de" as const);

/** A line made of such words, or of anything at all. */
export const lines = languages.chain((language) =>
  fc.record({
    language: fc.constant(language),
    text: fc.oneof(
      {
        weight: 5,
        arbitrary: fc.array(fc.constantFrom(...pieces[language]), { maxLength: 14 }).map((words) => words.join(" ")),
      },
      {
        weight: 1,
        arbitrary: fc.array(fc.constantFrom(...pieces[language]), { maxLength: 14 }).map((words) => words.join("")),
      },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
      { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 80 }) },
    ),
  }),
);

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Pacific/Apia",
  "America/Sao_Paulo",
  "Asia/Kathmandu",
];

/** Dates with known calendar problems, and random ones. */
const moments = [
  "2026-11-30T09:30:00.000Z",
  "2024-02-29T11:00:00.000Z",
  "2027-01-31T22:59:59.999Z",
  "2026-03-29T00:59:59.000Z",
  "2026-10-25T00:30:00.000Z",
  "2026-12-06T22:59:00.000Z",
  "2026-12-31T23:59:59.999Z",
  "1970-01-01T00:00:00.000Z",
  "2199-12-29T12:00:00.000Z",
  "2199-12-31T23:59:59.999Z",
].map((text) => new Date(text));

export const readers = fc.record({
  timeZone: fc.constantFrom(...zones),
  now: fc.oneof(
    fc.constantFrom(...moments),
    fc.date({ min: new Date("1971-01-01"), max: new Date("2198-12-31"), noInvalidDate: true }),
  ),
  dateOrder: fc.constantFrom("dmy" as const, "mdy" as const),
  weekStart: fc.constantFrom(0, 6),
});
