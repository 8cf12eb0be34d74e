import { expect, test } from "bun:test";
import { weaknessOf } from "./weak-password.ts";

const email = "Ada.Lovelace@Example.com";

test.each(["password", "12345678", "qwertyuiop", "PassWord1", "ｐａｓｓｗｏｒｄ", "sunshine", "trustno1"])(
  "%s is one of the most used, however it is written",
  (password) => {
    expect(weaknessOf(password, { email })).toStartWith("is one of the most used passwords");
  },
);

test.each(["carillon", "Carillon", "carillon2026!", "2026-carillon", "carilloncarillon", "C.a.r.i.l.l.o.n"])(
  "%s is the product's name",
  (password) => {
    expect(weaknessOf(password, { email })).toStartWith("must not be the name of this product");
  },
);

test.each([
  "ada.lovelace@example.com",
  "Ada.Lovelace@example.com ",
  "adalovelace",
  "AdaLovelace1815",
  "ada_lovelace!",
  "ada.lovelace1",
])("%s is the account's own address", (password) => {
  expect(weaknessOf(password, { email })).toStartWith("must not be your own e-mail address");
});

test.each(["aaaaaaaa", "AaAaAaAa", "abcabcabc", "abcabcab", "0101010101", "🔔🔔🔔🔔🔔🔔🔔🔔"])(
  "%s is a repetition",
  (password) => {
    expect(weaknessOf(password, { email })).toStartWith("repeats the same few characters");
  },
);

test("an address of digits is rejected as a password too", () => {
  expect(weaknessOf("4711081547", { email: "4711081547@example.com" })).toStartWith("must not be your own");
});

test.each([
  "correct horse battery",
  "the carillon rings at dawn",
  "ada likes analytical engines",
  "9f3kd02kd0",
  "🔔🎶🔔⏰🌅🔔☕🎵",
  "1815-12-10 10:00",
  "пароль для звонаря",
])("%s is accepted", (password) => {
  expect(weaknessOf(password, { email })).toBeNull();
});

test("the list holds ten thousand passwords that are long enough, sorted, without duplicates", async () => {
  const lines = (await Bun.file(`${import.meta.dir}/most-used-passwords.txt`).text()).trimEnd().split("\n");
  expect(lines).toHaveLength(10_000);
  expect(lines.filter((line) => [...line].length < 8)).toEqual([]);
  expect(lines).toEqual([...new Set(lines)].sort());
  expect(lines.filter((line) => line !== line.normalize("NFKC").toLowerCase())).toEqual([]);
});
