export { History } from "./history.tsx";
export { historyHref, loadHistory, showHistory } from "./history-page.tsx";
