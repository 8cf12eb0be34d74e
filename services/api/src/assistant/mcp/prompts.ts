/** What a person may pick from a client's menu instead of writing it. */
export type Prompt = {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; title: string; description: string; required: false }[];
  text: string;
};

const tag = { name: "tag", title: "Tag", description: "Only tasks with this tag", required: false } as const;

export const prompts: readonly Prompt[] = [
  {
    name: "plan-my-day",
    title: "Plan my day",
    description: "What is late, what is due today, and in which order to do it",
    arguments: [tag],
    text:
      "Plan my day. Call list_tasks with overdue=true, then with due_on set to today's date from the answer's `now`. Order them by priority and " +
      "time, say what does not fit into one day, and suggest new dates for it. Move nothing before I agree.",
  },
  {
    name: "weekly-review",
    title: "Weekly review",
    description: "What was done in the last seven days, what is late, and what comes in the next seven",
    arguments: [tag],
    text:
      "Hold a weekly review with me. Call get_insights for the last seven days, list_tasks with overdue=true, and list_tasks for the next seven " +
      "days. Tell me in a few lines what went well, what slips again and again, and which tasks have no date. Propose changes one by one and " +
      "make each only after I agree.",
  },
];

export const promptNamed = (name: string): Prompt | undefined => prompts.find((prompt) => prompt.name === name);

/** The prompt as the client sends it on. A tag's name is data, in quotes. */
export const textOf = ({ text }: Prompt, given: Record<string, string>): string =>
  given.tag ? `${text} Look only at tasks with the tag ${JSON.stringify(given.tag)}: pass it to list_tasks.` : text;
