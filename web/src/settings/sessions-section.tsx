import type { Session } from "@carillon/contracts/http/sessions";
import type { Visit } from "../door/visit.ts";
import { momentText } from "../time.ts";
import { Html } from "../ui/html.ts";

/** Where the account is signed in; each can be ended from here, and all but this one at once. */
export const SessionsSection = ({ visit, sessions }: { visit: Visit; sessions: readonly Session[] }) => (
  <>
    <ul class="tokens">
      {sessions.map((session) => (
        <SessionRow session={session} visit={visit} />
      ))}
    </ul>
    {sessions.length > 1 ? (
      <form class="form-end" method="post" action="/settings/sessions/end-others">
        <button type="submit" class="button button-danger">
          End all others
        </button>
      </form>
    ) : null}
  </>
);

const SessionRow = ({ session, visit }: { session: Session; visit: Visit }) => {
  const name = session.client === "unknown" ? "A program" : session.client;
  const used = momentText(session.last_used_at, visit.now, visit.user);
  const since = momentText(session.created_at, visit.now, visit.user);
  return (
    <li class="token">
      <p class="token-text">
        <strong dir="auto" safe>
          {session.current ? `${name} (here)` : name}
        </strong>
        <span class="quiet" safe>
          {[`last used ${used}`, `signed in ${since}`, ...(session.address ? [session.address] : [])].join("; ")}
        </span>
      </p>
      {session.current ? null : (
        <form method="post" action={`/settings/sessions/${session.id}/end`}>
          <input type="hidden" name="name" value={name} />
          <button type="submit" class="button button-small button-danger" aria-label={`End ${name}, last used ${used}`}>
            End
          </button>
        </form>
      )}
    </li>
  );
};
