declare module "*.zi" {
  const text: string;
  export default text;
}
