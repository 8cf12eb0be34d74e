import type { Children } from "@kitajs/html";
import { Html } from "./html.ts";

type PillProps = {
  type: "radio" | "checkbox";
  name: string;
  value: string;
  checked: boolean;
  children?: Children;
};

/** A pill-shaped choice: a real radio or checkbox under a rounded label. */
export const Pill = ({ type, name, value, checked, children }: PillProps) => (
  <label class="pill">
    <input type={type} name={name} value={value} checked={checked} autocomplete="off" />
    <span class="pill-face">{children}</span>
  </label>
);
