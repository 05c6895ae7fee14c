// Fields of the dialogs.

import { Field, Input, Select, Textarea } from "@zendeskgarden/react-forms";
import { type ReactNode, useId } from "react";
import { useSpeech } from "../i18n";

interface Common {
  label: string;
  value: string;
  change: (value: string) => void;
  hint?: string;
  /** What is wrong with it. */
  wrong?: string;
  optional?: boolean;
}

function Labelled({ label, hint, wrong, optional, children }: Omit<Common, "value" | "change"> & { children: ReactNode }) {
  const { t } = useSpeech();
  return (
    <Field>
      <Field.Label>
        {label}
        {optional && ` (${t("common.optional")})`}
      </Field.Label>
      {hint && <Field.Hint>{hint}</Field.Hint>}
      {children}
      {wrong && <Field.Message validation="error">{wrong}</Field.Message>}
    </Field>
  );
}

/** One line of text, with suggestions where there are any. */
export function Line({ value, change, list, type = "text", maxLength, ...more }: Common & { list?: string[]; type?: string; maxLength?: number }) {
  const id = useId();
  return (
    <Labelled {...more}>
      <Input value={value} type={type} maxLength={maxLength} autoComplete="off" list={list ? id : undefined} validation={more.wrong ? "error" : undefined} onChange={(e) => change(e.target.value)} />
      {list && (
        <datalist id={id}>
          {list.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </Labelled>
  );
}

/** Several lines of text. */
export function Lines({ value, change, rows = 3, maxLength, ...more }: Common & { rows?: number; maxLength?: number }) {
  return (
    <Labelled {...more}>
      <Textarea value={value} minRows={rows} maxRows={10} maxLength={maxLength} validation={more.wrong ? "error" : undefined} onChange={(e) => change(e.target.value)} />
    </Labelled>
  );
}

/** One of several. */
export function Choice({ value, change, options, ...more }: Common & { options: { value: string; label: string; disabled?: boolean }[] }) {
  return (
    <Labelled {...more}>
      <Select value={value} onChange={(e) => change(e.target.value)}>
        {options.map((one) => (
          <option key={one.value} value={one.value} disabled={one.disabled}>
            {one.label}
          </option>
        ))}
      </Select>
    </Labelled>
  );
}
