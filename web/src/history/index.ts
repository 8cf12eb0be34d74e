export { History } from "./history.tsx";
export { historyHref, loadHistory, showHistory } from "./history-page.tsx";
export { takeBackEntry, takeBackLast } from "./take-back.tsx";
