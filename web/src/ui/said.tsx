import { Html } from "./html.ts";

/**
 * A sentence of ours that quotes what a user wrote: each “quotation” has the direction of its own script, so that it
 * neither turns the sentence round nor loses its full stop to it.
 */
export const Said = ({ text }: { text: string }) => (
  <>
    {text.split(/(“[^”]*”)/).map((piece) => (piece.startsWith("“") ? <bdi safe>{piece}</bdi> : Html.escapeHtml(piece)))}
  </>
);
