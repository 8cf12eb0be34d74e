declare module "htmx.org/dist/htmx.min.js" {
  const text: string;
  export default text;
}
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*/acts.js" {
  const text: string;
  export default text;
}
declare module "*/autosave.js" {
  const text: string;
  export default text;
}
declare module "*/outbox.js" {
  const text: string;
  export default text;
}
declare module "*/bells.js" {
  const text: string;
  export default text;
}
declare module "*/factors.js" {
  const text: string;
  export default text;
}
declare module "*/push.js" {
  const text: string;
  export default text;
}
declare module "*/keys.js" {
  const text: string;
  export default text;
}
declare module "*/live.js" {
  const text: string;
  export default text;
}
declare module "*/page.js" {
  const text: string;
  export default text;
}
declare module "*/palette.js" {
  const text: string;
  export default text;
}
declare module "*/pane.js" {
  const text: string;
  export default text;
}
declare module "*/quick-add.js" {
  const text: string;
  export default text;
}
declare module "*/select.js" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
declare module "*.png" {
  const path: string;
  export default path;
}
declare module "*/chat.js" {
  const text: string;
  export default text;
}
declare module "*/worker.js" {
  const text: string;
  export default text;
}
declare module "*/month.js" {
  const text: string;
  export default text;
}
declare module "*/paste.js" {
  const text: string;
  export default text;
}
declare module "*/draft.js" {
  const text: string;
  export default text;
}
declare module "*/settings.js" {
  const text: string;
  export default text;
}
