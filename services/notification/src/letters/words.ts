import { clockText, dateText, usualFormats } from "@carillon/calendar/formats";
import { wallTimeOf } from "@carillon/calendar/zone";
import type { Letter, LetterKind } from "@carillon/contracts/http/letters";
import type { Language } from "@carillon/contracts/http/quick-add";

/** The words of a letter; `path` is where its one link leads. */
export type Words = { subject: string; lead: string; button: string; path: string; why: string };

type Notice = { when: string; where: string };
type Writer = (letter: Letter, notice: Notice) => Words;

const settings = "settings";

const english: Record<LetterKind, Writer> = {
  reset: ({ token }) => ({
    subject: "Set a new password for Carillon",
    lead: "A new password was asked for at Carillon for this address. The link holds for an hour and works once.",
    button: "Set a new password",
    path: `reset/${token}`,
    why: "If you did not ask for it, do nothing: your password stays as it is, and nothing was opened.",
  }),
  verify: ({ token }) => ({
    subject: "Confirm your address for Carillon",
    lead: "This address was used to sign up at Carillon. Confirm that it is yours, and reminders come here. The link holds for 7 days.",
    button: "Confirm the address",
    path: `verify/${token}`,
    why: "If it was not you, do nothing: no further mail comes to this address.",
  }),
  email_change: ({ token }) => ({
    subject: "Confirm your new address for Carillon",
    lead: "This address was entered as the new one of an account at Carillon. Confirm it, and the account is reached here from then on. The link holds for a day.",
    button: "Confirm the new address",
    path: `verify/${token}`,
    why: "If you did not ask for it, do nothing: nothing changes.",
  }),
  email_change_asked: (_, { when }) => ({
    subject: "Your Carillon account is about to change its address",
    lead: `Another address was entered for your account on ${when}. It takes effect once a link that was mailed there is opened.`,
    button: "Open the settings",
    path: settings,
    why: "If it was not you, change your password now: another person knows it.",
  }),
  email_changed: (_, { when }) => ({
    subject: "Your Carillon account has another address",
    lead: `Since ${when} your account is reached at another address, and no longer at this one.`,
    button: "Open Carillon",
    path: "today",
    why: "If it was not you, write to the operator of this Carillon.",
  }),
  password_changed: (_, { when }) => ({
    subject: "Your Carillon password was changed",
    lead: `The password of your account was changed on ${when}. Other sessions and all access tokens have ended.`,
    button: "Open Carillon",
    path: "today",
    why: "If it was not you, set a new password now: choose “Forgotten your password?” where you sign in.",
  }),
  new_sign_in: (_, { when, where }) => ({
    subject: "New sign-in to your Carillon account",
    lead: `Your account was signed in to on ${when}, from ${where}.`,
    button: "See where you are signed in",
    path: `${settings}#sessions`,
    why: "If it was you, there is nothing to do. If not, change your password: that ends every other session.",
  }),
  new_token: (_, { when }) => ({
    subject: "New access token for your Carillon account",
    lead: `An access token was made for your account on ${when}. A program that has it can work with your tasks.`,
    button: "See your access tokens",
    path: `${settings}#tokens`,
    why: "If it was not you, change your password: that ends all access tokens.",
  }),
  factor_changed: (_, { when }) => ({
    subject: "Signing in to your Carillon account has changed",
    lead: `A second step or a passkey of your account was added or removed on ${when}.`,
    button: "Open the settings",
    path: settings,
    why: "If it was not you, change your password now.",
  }),
  channel_test: () => ({
    subject: "A test of your reminders by mail",
    lead: "This is the test you asked for: reminders by mail reach you here.",
    button: "Open the settings",
    path: `${settings}/channels`,
    why: "You pressed “Send a test” in the settings of Carillon.",
  }),
};

const german: Record<LetterKind, Writer> = {
  reset: ({ token }) => ({
    subject: "Neues Passwort für Carillon",
    lead: "Für diese Adresse wurde bei Carillon ein neues Passwort angefordert. Der Link gilt eine Stunde und einmal.",
    button: "Neues Passwort festlegen",
    path: `reset/${token}`,
    why: "Wenn Sie das nicht waren, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.",
  }),
  verify: ({ token }) => ({
    subject: "Adresse für Carillon bestätigen",
    lead: "Mit dieser Adresse hat sich jemand bei Carillon angemeldet. Bestätigen Sie, dass es Ihre ist, dann kommen Erinnerungen hierher. Der Link gilt 7 Tage.",
    button: "Adresse bestätigen",
    path: `verify/${token}`,
    why: "Wenn Sie das nicht waren, müssen Sie nichts tun: An diese Adresse kommt keine weitere Mail.",
  }),
  email_change: ({ token }) => ({
    subject: "Neue Adresse für Carillon bestätigen",
    lead: "Diese Adresse wurde bei Carillon als neue Adresse eines Kontos eingetragen. Bestätigen Sie sie, dann ist das Konto hier zu erreichen. Der Link gilt einen Tag.",
    button: "Neue Adresse bestätigen",
    path: `verify/${token}`,
    why: "Wenn Sie das nicht waren, müssen Sie nichts tun: Es ändert sich nichts.",
  }),
  email_change_asked: (_, { when }) => ({
    subject: "Ihr Carillon-Konto soll eine andere Adresse bekommen",
    lead: `Für Ihr Konto wurde am ${when} eine andere Adresse eingetragen. Sie gilt, sobald dort ein Link aus einer Mail geöffnet wird.`,
    button: "Einstellungen öffnen",
    path: settings,
    why: "Wenn Sie das nicht waren, ändern Sie jetzt Ihr Passwort: Jemand kennt es.",
  }),
  email_changed: (_, { when }) => ({
    subject: "Ihr Carillon-Konto hat eine andere Adresse",
    lead: `Seit ${when} ist Ihr Konto unter einer anderen Adresse zu erreichen und nicht mehr unter dieser.`,
    button: "Carillon öffnen",
    path: "today",
    why: "Wenn Sie das nicht waren, schreiben Sie dem Betreiber dieses Carillon.",
  }),
  password_changed: (_, { when }) => ({
    subject: "Ihr Carillon-Passwort wurde geändert",
    lead: `Das Passwort Ihres Kontos wurde am ${when} geändert. Andere Sitzungen und alle Zugriffstoken sind beendet.`,
    button: "Carillon öffnen",
    path: "today",
    why: "Wenn Sie das nicht waren, legen Sie jetzt ein neues Passwort fest: „Forgotten your password?“ auf der Anmeldeseite.",
  }),
  new_sign_in: (_, { when, where }) => ({
    subject: "Neue Anmeldung an Ihrem Carillon-Konto",
    lead: `An Ihrem Konto wurde sich am ${when} angemeldet, von ${where}.`,
    button: "Angemeldete Geräte ansehen",
    path: `${settings}#sessions`,
    why: "Wenn Sie das waren, ist nichts zu tun. Wenn nicht, ändern Sie Ihr Passwort: Das beendet alle anderen Sitzungen.",
  }),
  new_token: (_, { when }) => ({
    subject: "Neues Zugriffstoken für Ihr Carillon-Konto",
    lead: `Für Ihr Konto wurde am ${when} ein Zugriffstoken erstellt. Ein Programm, das es hat, kann mit Ihren Aufgaben arbeiten.`,
    button: "Zugriffstoken ansehen",
    path: `${settings}#tokens`,
    why: "Wenn Sie das nicht waren, ändern Sie Ihr Passwort: Das beendet alle Zugriffstoken.",
  }),
  factor_changed: (_, { when }) => ({
    subject: "Die Anmeldung an Ihrem Carillon-Konto hat sich geändert",
    lead: `Ein zweiter Schritt oder ein Passkey Ihres Kontos wurde am ${when} hinzugefügt oder entfernt.`,
    button: "Einstellungen öffnen",
    path: settings,
    why: "Wenn Sie das nicht waren, ändern Sie jetzt Ihr Passwort.",
  }),
  channel_test: () => ({
    subject: "Test Ihrer Erinnerungen per E-Mail",
    lead: "Das ist der angeforderte Test: Erinnerungen per E-Mail kommen hier an.",
    button: "Einstellungen öffnen",
    path: `${settings}/channels`,
    why: "Sie haben in den Einstellungen von Carillon einen Test angefordert.",
  }),
};

const writers: Record<Language, Record<LetterKind, Writer>> = { en: english, de: german };
const unknown: Record<Language, string> = { en: "an unknown program", de: "einem unbekannten Programm" };

/** The words of a letter in its reader's language, with instants in the reader's zone. */
export function wordsOf(letter: Letter): Words {
  const { language, details } = letter;
  const client = details?.client && details.client !== "unknown" ? details.client : unknown[language];
  const where = details?.address ? `${client} (${details.address})` : client;
  return writers[language][letter.kind](letter, { when: momentIn(letter), where });
}

/** `1 December 2026, 14:05 (Europe/Berlin)` as its reader is used to, by the product's own zone rules. */
function momentIn({ created_at, time_zone, language, hour_cycle, date_order }: Letter): string {
  const { day, timeMs } = wallTimeOf(new Date(created_at), time_zone);
  const date = dateText(
    day,
    { dateOrder: date_order ?? usualFormats.dateOrder },
    { names: "long", year: true, language },
  );
  return `${date}, ${clockText(timeMs, { hourCycle: hour_cycle ?? usualFormats.hourCycle })} (${time_zone})`;
}
