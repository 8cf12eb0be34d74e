const withUser = /^\/api\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\/.*)$/i;

/** Accounts have no alias: they belong to the credential, not to an id in a path. */
const withoutAlias = /^\/(signup|signin|logout|auth|tokens)(\/|$)/;

/**
 * `/api/{user_id}/tasks…` as the user it names and the canonical path behind it; null for any other
 * path.
 */
export function aliasOf(path: string): { userId: string; canonical: string } | null {
  const [, userId, rest] = withUser.exec(path) ?? [];
  if (userId === undefined || rest === undefined || withoutAlias.test(rest)) return null;
  return { userId: userId.toLowerCase(), canonical: `/api${rest}` };
}
