/**
 * The same parts, with the first one already read, so that a database that is away is still a 503 and
 * not half a file.
 */
export async function started<Part>(parts: AsyncGenerator<Part>): Promise<AsyncIterator<Part>> {
  let first: IteratorResult<Part> | null = await parts.next();
  return {
    async next() {
      const part = first ?? (await parts.next());
      first = null;
      return part;
    },
    return: (value) => parts.return(value),
  };
}
