import { apiDocs } from "@carillon/kit/docs";

export const docsRoutes = () =>
  apiDocs({
    title: "Carillon API",
    version: "1.0.0",
    description:
      "Tasks, tags, search, history and sync. Errors are RFC 9457 problems. Every path under `/api/tasks`, `/api/tags`, `/api/audit` … also exists as `/api/{user_id}/tasks` ….",
    tags: [
      { name: "Accounts", description: "Sign up, sign in, sessions, your own settings" },
      { name: "Access tokens", description: "For programs; shown once" },
      { name: "Tasks", description: "Tasks" },
      { name: "Tags", description: "Labels for tasks" },
      { name: "Import and export", description: "Your data, as files" },
      { name: "Recurrence", description: "Rules that repeat a task" },
      { name: "Audit", description: "What happened, append-only and verifiable" },
      { name: "Insights", description: "What was done, counted" },
      { name: "Chat", description: "The assistant, by plain commands or a model of yours" },
      { name: "Notifications", description: "Which reminders rang, which did not, and why" },
      { name: "Sync", description: "For clients that keep a copy" },
    ],
  });
