import type { ExportedSeries, ExportedTask, ImportSource, Lost } from "@carillon/contracts/http/transfer";
import type { InputError } from "@carillon/contracts/problem";

/** One task of a file, in our words and not yet checked. */
export type ImportItem = {
  /** Its place in the file, for people: a line of a table, otherwise the number of the task. */
  row: number;
  /** Its id in the file, or null where the file has none; then what it says identifies it. */
  sourceId: string | null;
  /** The fields as POST takes them. */
  body: Record<string, unknown>;
  completedAt: string | null;
  createdAt: string | null;
  /** The rule as the file has it, where that is not the rule of `body`. */
  rule?: string;
  /** Only in files of our own: what no other file knows. */
  own?: OwnItem;
};

export type OwnItem = {
  userId: string | null;
  updatedAt: string | null;
  deletedAt: string | null;
  parentId: string | null;
  seriesId: string | null;
  series: ExportedSeries | null;
  reminders: ExportedTask["reminders"] | null;
};

export type FileTag = { name: string; color: string | null; createdAt: string | null };

/** A file, read: its tasks, the tags it lists apart from them, and what of it has no place here. */
export type ImportFile = {
  source: ImportSource;
  items: ImportItem[];
  tags: FileTag[];
  lost: Lost[];
  errors: RowError[];
};

/** What a reader of files needs to know of its user. */
export type Reader = { timeZone: string; now: Date };

export type RowError = InputError & { row: number };

/** Maximum faults in an answer, and of fields and rules named. */
export const maxNamed = 100;

/** What has no place here, by field: named once, with how many rows have it. */
export class Losses {
  readonly #found = new Map<string, Lost>();

  note(field: string, row: number, detail: string): void {
    const shown = field.slice(0, 100).toWellFormed();
    const known = this.#found.get(shown);
    if (known) known.rows++;
    else if (this.#found.size < maxNamed) this.#found.set(shown, { field: shown, detail, rows: 1, first_row: row });
  }

  list(): Lost[] {
    return [...this.#found.values()];
  }
}

/** Files of our own: what they say of a task that is here is what it becomes. What other programs say of one is passed over. */
export const isOwnSource = (source: ImportSource): boolean => source === "carillon" || source === "carillon_csv";
