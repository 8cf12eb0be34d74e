import type { FieldErrors } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";

/** What is wrong with a form as a whole. */
export const FormError = ({ errors }: { errors: FieldErrors }) =>
  errors[""] ? (
    <p class="notice notice-alarm" role="alert" safe>
      {errors[""]}
    </p>
  ) : (
    ""
  );

export const FormEnd = ({ label }: { label: string }) => (
  <p class="form-end">
    <button type="submit" class="button button-primary" safe>
      {label}
    </button>
  </p>
);

/** In place of a form that asks for the password, where there is none. */
export const PasswordFirst = () => (
  <p class="notice">
    You sign in without a password, and this asks for one. <a href="#password">Set one first.</a>
  </p>
);
