import type { Imported } from "@carillon/contracts/http/transfer";
import type { InputError } from "@carillon/contracts/problem";
import { Problem } from "@carillon/kit/service";
import { field, idField, uploadOf, uploadPath } from "../door/form.ts";
import { show } from "../door/show.tsx";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { momentText } from "../time.ts";
import { Html } from "../ui/html.ts";
import { Section, SubHead } from "./section.tsx";

type Outcome =
  | { kind: "done"; result: Imported; file: string }
  | { kind: "refused"; words: string; errors: InputError[] };

/** `GET /settings/import`. */
export const showImport = (visit: Visit): Promise<Response> => importPage(visit, null);

/** `POST /settings/import`: looks at a file first, or takes it. */
export async function importFile(visit: Visit): Promise<Response> {
  const upload = uploadOf(visit.request);
  if (upload === null) return seeOtherWith(uploadPath, { text: "Choose a file first." }, visit);
  const isCheck = field(visit.form, "act") !== "import";
  const file = { type: typeOf(upload.name, upload.bytes), bytes: upload.bytes };
  try {
    const result = await visit.api.importFile(file, isCheck, field(visit.form, "key") || visit.newKey());
    return importPage(visit, { kind: "done", result, file: upload.name });
  } catch (error) {
    if (!(error instanceof Problem) || error.status < 400 || error.status >= 500 || error.code === "unauthenticated")
      throw error;
    return importPage(visit, { kind: "refused", words: error.detail, errors: error.errors ?? [] });
  }
}

/** `POST /settings/import/undo`. */
export async function undoImport(visit: Visit): Promise<Response> {
  const { undone, kept } = await visit.api.undoBatch(idField(visit.form, "batch_id"));
  const stays = kept.length === 0 ? "" : ` ${counted(kept.length, "change")} made since stayed.`;
  return seeOtherWith(
    uploadPath,
    { text: `Took back ${counted(undone.length, "task and tag", "tasks and tags")}.${stays}` },
    visit,
  );
}

/** By the name of the file; by its first sign where the name says nothing. */
function typeOf(name: string, bytes: Uint8Array): string {
  if (/\.json$/i.test(name)) return "application/json";
  if (/\.ics$/i.test(name)) return "text/calendar";
  if (/\.csv$/i.test(name)) return "text/csv";
  const start = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart();
  if (/^[[{]/.test(start)) return "application/json";
  return start.startsWith("BEGIN:VCALENDAR") ? "text/calendar" : "text/csv";
}

async function importPage(visit: Visit, outcome: Outcome | null): Promise<Response> {
  return show(visit, {
    title: "Import",
    place: "settings",
    main: (
      <div class="column column-wide">
        <SubHead back={["/settings", "Settings"]} title="Import" />
        {outcome?.kind === "done" ? <Result visit={visit} {...outcome} /> : null}
        {outcome?.kind === "refused" ? <Refused {...outcome} /> : null}
        <Choose visit={visit} />
      </div>
    ),
    status: outcome?.kind === "refused" ? 422 : 200,
  });
}

const Choose = ({ visit }: { visit: Visit }) => (
  <Section
    id="file"
    title="A file"
    lead="From Carillon (JSON, CSV), Todoist or TickTick (CSV), Microsoft To Do, Vikunja or Super Productivity (JSON), or any calendar with to-dos (ICS)."
  >
    <form class="form" method="post" action={uploadPath} enctype="multipart/form-data">
      <input type="hidden" name="key" value={visit.newKey()} />
      <div class="field">
        <label for="file-field">File</label>
        <input
          type="file"
          id="file-field"
          name="file"
          accept=".json,.csv,.ics,application/json,text/csv,text/calendar"
          required
        />
        <p class="field-hint">At most 10 MB and 10 000 tasks. All of it is taken, or nothing.</p>
      </div>
      <p class="form-end">
        <button type="submit" class="button" name="act" value="check">
          Preview
        </button>
        <button type="submit" class="button button-primary" name="act" value="import">
          Import
        </button>
      </p>
    </form>
  </Section>
);

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** How many rows a page shows of each list. */
const maxShown = 20;

const Result = ({ visit, result, file }: { visit: Visit; result: Imported; file: string }) => (
  <Section
    id="result"
    title={result.dry_run ? "What would happen" : "Imported"}
    lead={result.dry_run ? "Nothing is changed yet. Choose the file again below and press Import." : file}
  >
    <p role="status" safe>
      {`${counted(result.created, "new task")}, ${result.updated} changed, ${result.skipped} as they are already.`}
    </p>
    {result.lost.length > 0 ? (
      <>
        <h3>What has no place here</h3>
        <ul class="tokens">
          {result.lost.slice(0, maxShown).map(({ field: name, detail, rows, first_row }) => (
            <li class="token">
              <p class="token-text">
                <strong safe>{name}</strong>
                <span class="quiet" safe>{`${detail} (${counted(rows, "row")}, first ${first_row})`}</span>
              </p>
            </li>
          ))}
        </ul>
      </>
    ) : null}
    {result.recurrences.length > 0 ? (
      <>
        <h3
          safe
        >{`How ${counted(result.repeating, "repeating task")} ${result.repeating === 1 ? "was" : "were"} understood`}</h3>
        <ul class="tokens">
          {result.recurrences.slice(0, maxShown).map(({ title, source, text, due_date }) => (
            <li class="token">
              <p class="token-text">
                <strong safe>{title}</strong>
                <span class="quiet" safe>
                  {`“${source}”: ${text}${due_date ? `, next ${momentText(due_date, visit.now, visit.user)}` : ""}`}
                </span>
              </p>
            </li>
          ))}
        </ul>
      </>
    ) : null}
    {result.batch_id ? (
      <form class="form-end" method="post" action="/settings/import/undo">
        <input type="hidden" name="batch_id" value={result.batch_id} />
        <button type="submit" class="button button-danger">
          Undo the import
        </button>
      </form>
    ) : null}
  </Section>
);

const Refused = ({ words, errors }: { words: string; errors: readonly InputError[] }) => (
  <Section id="result" title="Not imported" lead="Nothing was changed.">
    <p class="field-error" role="alert" safe>
      {words}
    </p>
    {errors.length > 0 ? (
      <ul class="tokens">
        {errors.slice(0, maxShown).map(({ row, pointer, detail }) => (
          <li class="token">
            <p class="token-text">
              <strong>{row ? `Row ${row}` : "The file"}</strong>
              <span class="quiet" safe>
                {`${pointer.split("/").at(-1) ?? ""} ${detail}`.trim()}
              </span>
            </p>
          </li>
        ))}
      </ul>
    ) : null}
  </Section>
);
