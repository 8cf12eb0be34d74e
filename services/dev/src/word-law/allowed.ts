/** Listed words that a folder still holds. A number only gets smaller; a folder that is not named holds none. */
export const allowed: Readonly<Record<string, number>> = {
  kustomize: 3,
};
