import type { AuditEntry, AuditPage } from "@carillon/contracts/http/audit";
import { momentText, type Reader } from "../time.ts";
import { Html } from "../ui/html.ts";
import { Said } from "../ui/said.tsx";
import { type Telling, tell } from "./wording.ts";

/** `back`: where a change that was taken back leads. */
type Setting = { now: Date; reader: Reader; back: string };

/** The history of a task, newest first; `page` is null while the history is unavailable. */
export const History = ({
  page,
  setting,
  older,
}: {
  page: AuditPage | null;
  setting: Setting;
  older: string | null;
}) => {
  if (page === null)
    return <p class="quiet">The history cannot be read right now. The task itself is fine; try again in a moment.</p>;
  if (page.data.length === 0)
    return <p class="quiet">Nothing yet. Each change appears here a moment after it was made.</p>;
  return (
    <>
      <ol class="history">
        {page.data.map((entry) => (
          <Entry entry={entry} setting={setting} />
        ))}
      </ol>
      {older ? (
        <p>
          <a class="quiet-link" href={older}>
            Older changes
          </a>
        </p>
      ) : null}
    </>
  );
};

/** Changes that a page offers to take back. */
const canGoBack = ({ action }: AuditEntry): boolean =>
  /^task\.(updated|completed|reopened|deleted|restored|skipped)$/.test(action);

const Entry = ({ entry, setting: { now, reader, back } }: { entry: AuditEntry; setting: Setting }) => {
  const { sentence, details } = tell(entry, now, reader);
  return (
    <li class="history-entry">
      <p class="history-what">
        <Said text={sentence} />
      </p>
      {details.length > 0 ? (
        <dl class="history-details">
          {details.map((detail) => (
            <Detail detail={detail} named={details.length === 1} />
          ))}
        </dl>
      ) : null}
      <p class="history-when">
        <time datetime={entry.at} safe>
          {momentText(entry.at, now, reader)}
        </time>
        <Word via={entry.via ?? null} />
      </p>
      {canGoBack(entry) ? (
        <form method="post" action={`/history/${entry.id}/undo?${new URLSearchParams({ back })}`}>
          <button type="submit" class="link-button history-undo">
            Take back
            <span class="sr-only" safe>{`: ${sentence}`}</span>
          </button>
        </form>
      ) : (
        ""
      )}
    </li>
  );
};

/** On whose word an assistant acted: a conversation can be read again. */
const Word = ({ via }: { via: string | null }) => {
  const [kind, id = ""] = (via ?? "").split(" ");
  if (kind === "conversation")
    return (
      <>
        {", in "}
        <a href={`/chat/${encodeURIComponent(id)}`}>a conversation</a>
      </>
    );
  return kind === "token" ? <>, for a program with an access token</> : "";
};

/**
 * A field's old and new value. `named`: the sentence above already names the field. An empty old value
 * is not struck out.
 */
const Detail = ({
  detail: { label, before, after },
  named,
}: {
  detail: Telling["details"][number];
  named: boolean;
}) => (
  <div>
    <dt class={named ? "sr-only" : ""} safe>
      {label}
    </dt>
    <dd>
      {before === null ? null : (
        <>
          <del>
            <span class="sr-only">from </span>
            <span dir="auto" safe>
              {before}
            </span>
          </del>
          <span aria-hidden="true"> → </span>
        </>
      )}
      <ins>
        <span class="sr-only">to </span>
        <span dir="auto" safe>
          {after ?? "nothing"}
        </span>
      </ins>
    </dd>
  </div>
);
