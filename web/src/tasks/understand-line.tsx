import type { ParsedText } from "@carillon/contracts/http/quick-add";
import { Problem } from "@carillon/kit/service";
import { field } from "../door/form.ts";
import { html } from "../door/respond.ts";
import type { Visit } from "../door/visit.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { Said } from "../ui/said.tsx";
import { type Chip, type Instead, type Kept, type Understood, understoodOf } from "./understood.ts";

/** `POST /tasks/understood`: the chips under the quick-add line while the user types; nothing is saved. */
export async function understandLine(visit: Visit): Promise<Response> {
  const line = field(visit.form, "title");
  const parsed = await parseLine(visit, line);
  if (parsed === null) return html("");
  return html(<UnderstoodPart of={understoodOf(line, parsed, { now: visit.now, reader: visit.user })} />);
}

/** The meaning of the line; null when api rejects the text: the reason is shown when it is sent. */
export async function parseLine(
  { api, now, request, user }: Visit,
  line: string,
  writtenAt = now,
): Promise<ParsedText | null> {
  if (line.trim() === "") return null;
  const body = { text: line, time_zone: user.time_zone, now: writtenAt.toISOString() };
  return api.parseText(body, request.headers.get("accept-language")).catch((error: unknown) => {
    if (error instanceof Problem && error.code === "invalid") return null;
    throw error;
  });
}

const UnderstoodPart = ({ of: { chips, kept } }: { of: Understood }) =>
  chips.length + kept.length === 0 ? (
    ""
  ) : (
    <>
      <p class="sr-only">Understood as</p>
      <ul class="understood-chips">
        {chips.map((chip) => (
          <UnderstoodChip chip={chip} />
        ))}
        {kept.map((words) => (
          <KeptWords kept={words} />
        ))}
      </ul>
    </>
  );

const UnderstoodChip = ({ chip: { icon, text, words, ends, others } }: { chip: Chip }) => (
  <li class="understood-item">
    <span class="understood-chip">
      <Icon name={icon} />
      <span class="understood-text" dir="auto" safe>
        {text}
      </span>
      {words.length > 0 ? (
        <button
          type="button"
          class="understood-off"
          data-keep={JSON.stringify(words)}
          data-ends={JSON.stringify(ends)}
          aria-label={`Keep “${words.join(" ")}” as words`}
        >
          <Icon name="close" />
        </button>
      ) : null}
    </span>
    {others.map((other) => (
      <OtherReading other={other} />
    ))}
  </li>
);

const KeptWords = ({ kept: { words, detail, others } }: { kept: Kept }) => (
  <li class="understood-item understood-kept">
    <span>
      <Said text={`“${words}”: ${detail}`} />
    </span>
    {others.map((other) => (
      <OtherReading other={other} />
    ))}
  </li>
);

const OtherReading = ({ other: { label, start, end, text } }: { other: Instead }) => (
  <button
    type="button"
    class="understood-other"
    data-instead={text}
    data-start={String(start)}
    data-end={String(end)}
    aria-label={`Or ${label}`}
    safe
  >
    {`or ${label}`}
  </button>
);
