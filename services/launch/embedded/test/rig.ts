import { newDataDir, type ProductOptions, type RunningProduct, removeDataDir, startProduct } from "./product.ts";

/** Products and folders of one test file; `clear()` after each test ends and removes them. */
export function createRig() {
  const running: RunningProduct[] = [];
  const folders: string[] = [];
  const folder = (): string => {
    const path = newDataDir();
    folders.push(path);
    return path;
  };
  return {
    folder,
    async start(options: ProductOptions = {}): Promise<RunningProduct> {
      const product = await startProduct({ dataDir: folder(), ...options });
      running.push(product);
      return product;
    },
    async clear(): Promise<void> {
      for (const product of running.splice(0)) await product.stop();
      for (const path of folders.splice(0)) removeDataDir(path);
    },
  };
}

/** A client's calls to api. */
export function post(url: string, body: unknown, token = "", more: Record<string, string> = {}): Promise<Response> {
  const credential: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const headers = { "content-type": "application/json", ...credential, ...more };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

/** A token of a new account. */
export async function signUp(product: RunningProduct): Promise<string> {
  const account = { email: "ada@example.com", password: "correct horse battery" };
  const answer = await post(`${product.urls.api}/api/signup`, account);
  const { access_token }: { access_token: string } = JSON.parse(await answer.text());
  return access_token;
}

/** The status of the answer. */
export async function addTask(product: RunningProduct, token: string, title: string, key = title): Promise<number> {
  return (await post(`${product.urls.api}/api/tasks`, { title }, token, { "idempotency-key": key })).status;
}

export async function titles(product: RunningProduct, token: string): Promise<string[]> {
  const answer = await fetch(`${product.urls.api}/api/tasks?limit=100`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const page: { data: { title: string }[] } = JSON.parse(await answer.text());
  return page.data.map((task) => task.title).sort();
}
