import { expect, test } from "bun:test";
import { piecesOf } from "./marked.tsx";

const shown = (text: string, words: string) =>
  piecesOf(text, words)
    .map(({ piece, isMarked }) => (isMarked ? `[${piece}]` : piece))
    .join("");

test.each([
  ["Book the train", "tra", "Book the [tra]in"],
  ["Book the train", "train book", "[Book] the [train]"],
  ["Über Café", "cafe ub", "[Üb]er [Café]"],
  ["restrain", "train", "restrain"],
  ["a-b a_b", "b", "a-[b] a_[b]"],
  ["<b>bold</b>", "b", "<[b]>[b]old</[b]>"],
  ["Call O’Brien", "obrien", "Call [O’Brien]"],
  ["The e-mail, the email", "e-mail", "The [e-mail], the [email]"],
  ["The e-mail, the email", "email", "The [e-mail], the [email]"],
  ["I don't", "dont", "I [don't]"],
  ["nothing", "", "nothing"],
  ["nothing", "-", "nothing"],
  ["", "x", ""],
])("%p marks %p as %p", (text, words, marked) => {
  expect(shown(text, words)).toBe(marked);
});
