import { expect, test } from "bun:test";
import type { Imported } from "@carillon/contracts/http/transfer";
import { createWeb, origin } from "./browser.ts";
import { wordsOf } from "./html.ts";

const answer: Imported = {
  created: 2,
  updated: 1,
  skipped: 0,
  source: "todoist",
  dry_run: false,
  batch_id: "018f0000-0000-7000-8000-000000000001",
  lost: [{ field: "INDENT<b>", detail: "each stands for itself", rows: 3, first_row: 4 }],
  repeating: 1,
  recurrences: [
    {
      row: 2,
      title: "Water",
      source: "every 3 days",
      rrule: "FREQ=DAILY;INTERVAL=3",
      text: "every 3 days",
      due_date: "2026-11-24T08:00:00.000Z",
    },
  ],
};

/** web whose api answers imports so; `sent` is what it was asked with. */
async function webThatImports(respond: (dryRun: boolean) => Response) {
  const sent: { query: string; type: string | null; key: string | null; body: string }[] = [];
  const web = createWeb({
    async watch(request, call) {
      const url = new URL(request.url);
      if (url.pathname !== "/api/tasks/import") return call(request);
      const { headers } = request;
      sent.push({
        query: url.search,
        type: headers.get("content-type"),
        key: headers.get("idempotency-key"),
        body: await request.text(),
      });
      return respond(url.searchParams.get("dry_run") === "true");
    },
  });
  const browser = web.newBrowser();
  await browser.signUp();
  const upload = async (act: string, file: File | null) => {
    const form = new FormData();
    form.append("key", "form-key");
    if (file) form.append("file", file);
    form.append("act", act);
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { origin, "sec-fetch-site": "same-origin", cookie };
    const response = await web.app.handle(
      new Request(`${origin}/settings/import`, { method: "POST", headers, body: form }),
    );
    return { status: response.status, text: await response.text() };
  };
  return { ...web, browser, upload, sent };
}

test("looking first changes nothing, and says what would be lost and how rules were understood", async () => {
  const { upload, sent } = await webThatImports((dryRun) =>
    Response.json({ ...answer, dry_run: dryRun, batch_id: null }),
  );
  const page = await upload("check", new File(["TYPE,CONTENT\n"], "tasks.csv"));
  expect(page.status).toBe(200);
  expect(sent).toEqual([{ query: "?dry_run=true", type: "text/csv", key: null, body: "TYPE,CONTENT\n" }]);
  const words = wordsOf(page.text);
  expect(words).toContain("What would happen");
  expect(words).toContain("2 new tasks, 1 changed, 0 as they are already.");
  expect(words).toContain("each stands for itself (3 rows, first 4)");
  expect(words).toContain("“every 3 days”: every 3 days");
  expect(page.text).not.toContain("INDENT<b>");
  expect(page.text).not.toContain("Undo the import");
});

test("an import is sent once for its form, whatever the file is called, and can be undone", async () => {
  const { upload, sent, browser, api } = await webThatImports(() => Response.json(answer));
  const page = await upload("import", new File(['{"format":"carillon"}'], "backup"));
  expect(sent).toMatchObject([{ query: "?dry_run=false", type: "application/json", key: "form-key" }]);
  expect(page.text).toContain("Undo the import");
  const form = { batch_id: "018f0000-0000-7000-8000-000000000001" };
  await browser.post("/settings/import/undo", form);
  expect(api.requests.some(({ path }) => path === `/api/batches/${form.batch_id}/undo`)).toBe(true);
});

test("a file that cannot be imported names its rows; without a file the page asks for one", async () => {
  const errors = [{ row: 7, pointer: "/tasks/6/title", detail: "must not be empty" }];
  const problem = {
    type: "urn:carillon:problem:invalid",
    detail: "1 row cannot be imported, so nothing was changed.",
    errors,
  };
  const { upload, sent } = await webThatImports(() => Response.json(problem, { status: 422 }));
  const page = await upload("import", new File(["x"], "a.ics"));
  expect(page.status).toBe(422);
  expect(sent[0]?.type).toBe("text/calendar");
  expect(wordsOf(page.text)).toContain("Row 7");
  expect(wordsOf(page.text)).toContain("title must not be empty");
  expect((await upload("import", null)).status).toBe(303);
});

test("only the page for files takes a form with a file", async () => {
  const { browser, app } = await webThatImports(() => Response.json(answer));
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const form = new FormData();
  form.append("title", "x");
  const headers = { origin, "sec-fetch-site": "same-origin", cookie };
  const response = await app.handle(new Request(`${origin}/tasks`, { method: "POST", headers, body: form }));
  expect(response.status).toBe(415);
});

test("the export comes in the format that was asked for", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  expect((await browser.get("/settings/export?format=csv")).headers.get("content-disposition")).toContain(".csv");
  expect((await browser.get("/settings/export?format=exe")).status).toBe(404);
});

test("a newcomer's sample week is sent once for its form, around their today, and its message takes it back", async () => {
  const { browser, sent } = await webThatImports(() => Response.json({ ...answer, created: 8 }));
  const page = await browser.submit(await browser.get("/today"), "/sample-week");
  expect(sent).toMatchObject([{ query: "?dry_run=false", type: "text/csv", key: expect.stringMatching(/^key-/) }]);
  // The clock of these tests shows the 21st.
  const rows = sent[0]?.body.split("\n") ?? [];
  expect(rows).toHaveLength(9);
  expect(rows[1]).toStartWith('"Call the plumber about the tap","2026-11-20T10:00:00+01:00","Europe/Brussels","home"');
  expect(rows[2]).toStartWith('"Buy oat milk","2026-11-21","Europe/Brussels","errands"');
  expect(wordsOf(page.text)).toContain("Added 8 sample tasks.");
  expect(page.text).toContain(`action="/tasks/undo?back=%2Ftoday&amp;batch=${answer.batch_id}"`);
});
