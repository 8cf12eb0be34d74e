import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { Section } from "./section.tsx";

/** The ways out and in, and what was deleted. */
export const YourData = () => (
  <Section
    id="data"
    title="Your data"
    lead="Everything you have written here, as a file; and what you have elsewhere, from a file."
  >
    <p class="fact">
      <span class="fact-name">Take it with you</span>
      <span class="quiet">
        JSON holds everything, trash and completed tasks included, and can be brought back. CSV is for spreadsheets, ICS
        for calendars. The ZIP holds all three, your history, your chats and your account.
      </span>
    </p>
    <p class="form-end">
      <a class="button" href="/settings/export" download="">
        <Icon name="download" />
        Download my tasks
      </a>
      <a class="button" href="/settings/export?format=csv" download="">
        <Icon name="download" />
        CSV
      </a>
      <a class="button" href="/settings/export?format=ics" download="">
        <Icon name="download" />
        ICS
      </a>
      <a class="button" href="/settings/export?format=zip" download="">
        <Icon name="download" />
        All as ZIP
      </a>
    </p>
    <p class="form-end">
      <a class="button" href="/settings/calendars">
        <Icon name="calendar" />
        Calendars
      </a>
      <a class="button" href="/settings/import">
        <Icon name="list" />
        Import a file
      </a>
      <a class="button" href="/trash">
        <Icon name="trash" />
        Open the trash
      </a>
    </p>
  </Section>
);
