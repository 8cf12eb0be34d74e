import type { Children } from "@kitajs/html";
import { Html } from "./html.ts";

/** Messages by field name; the empty name holds those that belong to no field. */
export type FieldErrors = Partial<Record<string, string>>;

type FieldProps = {
  name: string;
  label: string;
  id?: string;
  hint?: string;
  error?: string | undefined;
  optional?: boolean;
};

/** The attributes that tie a control to its label, hint and error. */
const tied = ({ name, id = name, hint, error }: FieldProps) => ({
  id,
  name,
  "aria-describedby": [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined,
  "aria-invalid": error ? "true" : undefined,
});

/** Label above, hint and error below: always in this order, always tied to the control by id. */
const Field = ({ children, ...field }: FieldProps & { children?: Children }) => {
  const id = field.id ?? field.name;
  return (
    <div class={["field", field.error ? "field-wrong" : ""]}>
      <label for={id}>
        <span safe>{field.label}</span>
        {field.optional ? <span class="field-optional"> (optional)</span> : null}
      </label>
      {children}
      {field.hint ? (
        <p class="field-hint" id={`${id}-hint`} safe>
          {field.hint}
        </p>
      ) : null}
      <FieldError id={id} error={field.error} />
    </div>
  );
};

export const FieldError = ({ id, error }: { id: string; error?: string | undefined }) =>
  error ? (
    <p class="field-error" id={`${id}-error`} safe>
      {error}
    </p>
  ) : (
    ""
  );

type InputProps = FieldProps & {
  value?: string;
  type?: "text" | "email" | "password" | "url" | "date" | "time" | "color";
  autocomplete?: string;
  required?: boolean;
  minlength?: number;
  maxlength?: number;
  list?: string;
  step?: string;
  placeholder?: string;
  attributes?: Record<string, string | undefined>;
};

export const TextField = (props: InputProps) => {
  const {
    value = "",
    type = "text",
    attributes = {},
    autocomplete = "off",
    required,
    minlength,
    maxlength,
    list,
    step,
    placeholder,
  } = props;
  return (
    <Field {...fieldOf(props)}>
      <input
        class="input"
        type={type}
        value={value}
        autocomplete={autocomplete}
        required={required}
        minlength={minlength}
        maxlength={maxlength}
        list={list}
        step={step}
        placeholder={placeholder}
        dir={type === "text" ? "auto" : undefined}
        {...tied(props)}
        {...attributes}
      />
    </Field>
  );
};

export const TextArea = (props: FieldProps & { value: string; rows: number; maxlength?: number }) => (
  <Field {...fieldOf(props)}>
    <textarea class="input" rows={String(props.rows)} maxlength={props.maxlength} dir="auto" {...tied(props)} safe>
      {/* HTML forgets one line end right behind the tag. */}
      {`\n${props.value}`}
    </textarea>
  </Field>
);

export type Choice = { value: string; label: string };

export const SelectField = (
  props: FieldProps & { value: string; choices: readonly Choice[]; attributes?: Record<string, string | undefined> },
) => (
  <Field {...fieldOf(props)}>
    <Select
      name={props.name}
      value={props.value}
      choices={props.choices}
      attributes={{ ...tied(props), ...props.attributes }}
    />
  </Field>
);

/**
 * A bare select, for places with a label elsewhere. A value that is not a choice is offered too, so
 * that it is not lost.
 */
export const Select = (props: {
  name: string;
  value: string;
  choices: readonly Choice[];
  attributes?: Record<string, string | undefined>;
}) => {
  const known = props.choices.some(({ value }) => value === props.value);
  const choices = known ? props.choices : [{ value: props.value, label: props.value }, ...props.choices];
  return (
    <select class="input select" name={props.name} {...props.attributes}>
      {choices.map(({ value, label }) => (
        <option value={value} selected={value === props.value} safe>
          {label}
        </option>
      ))}
    </select>
  );
};

/** A checkbox with its label. */
export const Checkbox = ({
  name,
  label,
  checked,
  id = name,
  hint,
}: {
  name: string;
  label: string;
  checked: boolean;
  id?: string;
  hint?: string;
}) => (
  <div class="checkbox">
    <input
      type="checkbox"
      id={id}
      name={name}
      value="on"
      checked={checked}
      aria-describedby={hint ? `${id}-hint` : undefined}
    />
    <label for={id} safe>
      {label}
    </label>
    {hint ? (
      <p class="field-hint" id={`${id}-hint`} safe>
        {hint}
      </p>
    ) : null}
  </div>
);

/** Shown above a form that came back: what is wrong, with links to the fields. */
export const ErrorSummary = ({ errors, labels }: { errors: FieldErrors; labels: Record<string, string> }) => {
  const entries = Object.entries(errors).filter((entry): entry is [string, string] => Boolean(entry[1]));
  if (entries.length === 0) return "";
  return (
    <div class="notice notice-alarm" role="alert">
      <p class="notice-title">
        {entries.length === 1 ? "One field needs another look." : "Some fields need another look."}
      </p>
      <ul>
        {entries.map(([name, message]) => (
          <li>
            {labels[name] ? (
              <a href={`#${name}`} safe>
                {message}
              </a>
            ) : (
              <span safe>{message}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
};

const fieldOf = ({ name, label, id, hint, error, optional }: FieldProps): FieldProps => ({
  name,
  label,
  error,
  ...(id === undefined ? {} : { id }),
  ...(hint === undefined ? {} : { hint }),
  ...(optional === undefined ? {} : { optional }),
});
