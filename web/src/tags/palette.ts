/** Colours offered for tags: patina, bronze, slate, brick and similar, all easy to tell apart. */
export const palette = [
  "#0f8a7e",
  "#b7791f",
  "#3b6fb6",
  "#b5483a",
  "#7a5aa8",
  "#4f8a3a",
  "#c0567f",
  "#5d6b75",
] as const;

/** The colour proposed for the next tag: around the palette, so that neighbours differ. */
export const newTagColor = (count: number): string => palette[count % palette.length] ?? palette[0];
