import {
  getInsightsTool,
  listNotificationsTool,
  parseTextTool,
  previewRecurrenceTool,
  taskHistoryTool,
} from "./look-up-tools.ts";
import { createTaskTool, updateTaskTool } from "./make-tools.ts";
import { rescheduleTaskTool, skipOccurrenceTool, snoozeReminderTool } from "./move-tools.ts";
import { getTaskTool, listTasksTool, searchTasksTool } from "./read-tools.ts";
import { completeTaskTool, deleteTaskTool, reopenTaskTool, restoreTaskTool } from "./state-tools.ts";
import { deleteTagTool, listTagsTool, renameTagTool } from "./tag-tools.ts";
import type { Tool } from "./tool.ts";
import { undoTool } from "./undo-tool.ts";

/** Every tool, in the order in which chat, MCP and the documents list them. */
export const tools: readonly Tool[] = [
  listTasksTool,
  searchTasksTool,
  getTaskTool,
  createTaskTool,
  updateTaskTool,
  rescheduleTaskTool,
  completeTaskTool,
  reopenTaskTool,
  skipOccurrenceTool,
  snoozeReminderTool,
  deleteTaskTool,
  restoreTaskTool,
  listTagsTool,
  renameTagTool,
  deleteTagTool,
  previewRecurrenceTool,
  parseTextTool,
  listNotificationsTool,
  taskHistoryTool,
  getInsightsTool,
  undoTool,
];

export const toolNamed = (name: string): Tool | undefined => tools.find((tool) => tool.name === name);
