import { password } from "../client.ts";

/** A signed-up person, and the ids of what was made for them by title. */
export type Person = { token: string; tasks: Map<string, string> };

const zone = "Europe/Berlin";

async function call(api: string, token: string | null, method: string, path: string, body?: unknown) {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? {} : ((await response.json()) as Record<string, string>);
}

export async function signUp(api: string, name: string): Promise<Person> {
  const email = `${name.toLowerCase().replaceAll(" ", ".")}-${Bun.randomUUIDv7()}@example.com`;
  const { access_token: token = "" } = await call(api, null, "POST", "/api/signup", {
    email,
    password,
    name,
    time_zone: zone,
  });
  return { token, tasks: new Map() };
}

export async function makeTask(
  api: string,
  person: Person,
  body: { title: string } & Record<string, unknown>,
): Promise<string> {
  const { id = "" } = await call(api, person.token, "POST", "/api/tasks", body);
  person.tasks.set(body.title, id);
  return id;
}

/** Lines of a busy household, as quick add reads them; those with a mark are done. */
const lines = [
  "Team standup #work every workday at 9:00 remind 15 min before",
  "Pick up the parcel #errands today 22:30 remind 30 min before",
  "Prepare slides for the review !high #work today 23:10",
  "Read chapter 4 #reading today 21:00",
  "Water the plants #home every week",
  "Take out the paper bin #home today",
  "Buy oat milk #errands today",
  "Answer Malik's question about the sign-in page #work today",
  "Dentist #health tomorrow 11:15 remind 1 hour before",
  "Dinner with Ines and Jonas #home tomorrow 19:30",
  "Book the train to Ghent for the carillon concert #travel in 3 days",
  "Renew the library card #errands in 4 days",
  "Pay the rent !high #home #money every month on the 1st at 9:00 remind 1 day before",
  "Service the bike #bike in 6 days",
  "Quarterly tax return !urgent #money in 9 days 18:00",
  "Learn to read figured bass #music",
  "Ask Ines for the name of that bakery near the canal",
  "Sort the photographs of the summer #home",
  "A notebook for the workshop #errands !low",
];
const done = [
  "Morning run #health today 7:00",
  "Reply to the landlord #home today 8:30",
  "Swim 1 km #health yesterday 7:30",
];
const late = [
  { title: "Call the roofer about the loose tile", priority: "high", tags: ["home"], daysAgo: 2 },
  { title: "Send the invoice for October", priority: "urgent", tags: ["work", "money"], daysAgo: 1 },
  { title: "Return the drill to Jonas", tags: ["errands"], daysAgo: 4 },
];
const odd = [
  { title: "شراء خبز وزيتون", tags: ["home"] },
  {
    title: `Look at https://example.com/${"a-very-long-path-that-never-ends/".repeat(6)}`,
    tags: ["reading", "x".repeat(60)],
  },
];

/** Gives the person a believable week, with late ones, repeating ones, and titles that test a layout. */
export async function fillWeek(api: string, person: Person): Promise<void> {
  for (const line of [...lines, ...done]) {
    const parsed = await call(api, person.token, "POST", "/api/tasks/parse", { text: line });
    const { pieces, reasons, preview, ...body } = parsed as unknown as { title: string } & Record<string, unknown>;
    const id = await makeTask(api, person, body);
    if (done.includes(line)) await call(api, person.token, "PATCH", `/api/tasks/${id}/complete`);
  }
  for (const { daysAgo, ...body } of late) {
    const due = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
    await makeTask(api, person, { ...body, due_date: due });
  }
  for (const body of odd) await makeTask(api, person, body);
  const id = person.tasks.get("Prepare slides for the review");
  await call(api, person.token, "PATCH", `/api/tasks/${id}`, {
    description: "Numbers are in the shared folder.\nStill missing: travel costs.",
  });
  const gone = await makeTask(api, person, { title: "Old shopping list" });
  await call(api, person.token, "DELETE", `/api/tasks/${gone}`);
}
