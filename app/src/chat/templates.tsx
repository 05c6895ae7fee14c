// Choosing an approved template and filling it in.

import { Button } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import { useEffect, useId, useMemo, useState } from "react";
import { styled } from "styled-components";
import { ApiError } from "../api/client";
import type { Template, TemplateCall } from "../api/types";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Fault } from "../ui/fault";
import { Markup } from "./format";
import { Marked } from "./marked";
import { Line, Plain, Small, Wrong } from "./parts";
import { fill, plain, unresolved, variablesOf } from "./words";

const Box = styled.div`
  display: grid;
  gap: 8px;
  min-width: 0;
`;

const Input = styled.input`
  width: 100%;
  min-height: 32px;
  padding: 4px 8px;
  box-sizing: border-box;
  border-radius: 4px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.emphasis" })};
  background: ${({ theme }) => getColor({ theme, variable: "background.default" })};
  color: inherit;
  font: inherit;
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  }
`;

const List = styled.ul`
  display: grid;
  gap: 4px;
  max-height: min(240px, 34vh);
  margin: 0;
  padding: 0;
  overflow-y: auto;
  list-style: none;
`;

const Choice = styled.button`
  display: grid;
  gap: 2px;
  width: 100%;
  padding: 6px 8px;
  border-radius: 6px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  background: none;
  color: inherit;
  font: inherit;
  text-align: start;
  overflow-wrap: anywhere;
  cursor: pointer;
  & > span:last-child {
    display: -webkit-box;
    -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
    overflow: hidden;
  }
  &:hover {
    background: ${({ theme }) => getColor({ theme, variable: "background.primaryEmphasis", transparency: theme.opacity[100] })};
  }
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: -2px;
  }
`;

const Preview = styled.div`
  max-height: 160px;
  padding: 8px;
  overflow-y: auto;
  border-radius: 8px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.success" })};
  background: ${({ theme }) => getColor({ theme, variable: "background.success" })};
  white-space: pre-wrap;
  overflow-wrap: anywhere;
`;

/** The approved ones of a number's templates; undefined until they are known. */
export function useTemplates(number: string): { list: Template[] | undefined; error: ApiError | undefined; again: () => void } {
  const { client } = usePage();
  const [list, setList] = useState<Template[]>();
  const [error, setError] = useState<ApiError>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setError(undefined);
    client.get<{ templates: Template[] }>(`/numbers/${encodeURIComponent(number)}/templates`, {}, abort.signal).then(
      (answer) => setList(answer.templates.filter((one) => one.status.toUpperCase() === "APPROVED")),
      (failed: unknown) => !abort.signal.aborted && setError(failed instanceof ApiError ? failed : new ApiError(0, "failed", "")),
    );
    return () => abort.abort();
  }, [client, number, tries]);
  return { list, error, again: () => setTries(tries + 1) };
}

const categories = ["UTILITY", "MARKETING", "AUTHENTICATION"] as const;

/** What a template's category means, which decides its price. */
function Category({ name }: { name: string }) {
  const { t } = useSpeech();
  const known = categories.find((one) => one === name.toUpperCase());
  return <Small>{known ? t(`chat.category.${known}`) : t("chat.category.other", { name })}</Small>;
}

interface Props {
  number: string;
  /** The customer's name, which the first variable often is. */
  customer: string;
  /** Takes the template with its values, and its text as the customer reads it. */
  send(call: TemplateCall, text: string): void;
}

/** The approved templates of a number, searched, filled in and seen before one is sent. */
export default function Templates({ number, customer, send }: Props) {
  const { t } = useSpeech();
  const { list, error, again } = useTemplates(number);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<Template>();
  const found = useMemo(() => {
    const words = plain(query).split(/\s+/).filter(Boolean);
    return (list ?? []).filter((one) => words.every((word) => plain(`${one.name.replace(/_/g, " ")} ${one.name} ${one.body}`).includes(word)));
  }, [list, query]);
  if (error) return <Fault text={t("chat.templates.failed", { code: error.code })} again={again} />;
  if (!list) return <Small aria-busy="true">{t("common.loading")}</Small>;
  if (!list.length) return <Small>{t("chat.templates.empty")}</Small>;
  if (chosen) return <Filled template={chosen} customer={customer} send={send} back={() => setChosen(undefined)} />;
  return (
    <Box>
      <Input type="search" aria-label={t("chat.templates.search")} placeholder={t("chat.templates.search")} value={query} onChange={(event) => setQuery(event.target.value)} />
      {found.length === 0 && <Small>{t("chat.templates.none")}</Small>}
      <List aria-label={t("chat.templates")}>
        {found.map((one) => (
          <li key={`${one.name} ${one.language}`}>
            <Choice type="button" onClick={() => setChosen(one)}>
              <strong>{one.name}</strong>
              <Category name={one.category} />
              <span>{one.body}</span>
            </Choice>
          </li>
        ))}
      </List>
    </Box>
  );
}

function Filled({ template, customer, send, back }: { template: Template; customer: string; send: Props["send"]; back: () => void }) {
  const { t } = useSpeech();
  const id = useId();
  const names = useMemo(() => variablesOf(template.body), [template]);
  const [values, setValues] = useState<Record<string, string>>(() => {
    const first = names[0];
    return first && customer && (first === "1" || /nome|name/i.test(first)) ? { [first]: customer } : {};
  });
  const [tried, setTried] = useState(false);
  const text = fill(template.body, values);
  const missing = names.filter((name) => !values[name]?.trim());
  const submit = () => {
    setTried(true);
    if (missing.length) {
      document.getElementById(`${id}-${missing[0]}`)?.focus();
      return;
    }
    send({ name: template.name, language: template.language, ...(names.length ? { values: names.map((name) => values[name]?.trim() ?? "") } : {}) }, text);
  };
  return (
    <Box
      as="form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Line>
        <strong>{template.name}</strong>
        <Small>{t("chat.templates.language", { language: template.language })}</Small>
        <Plain type="button" onClick={back}>
          {t("chat.templates.back")}
        </Plain>
      </Line>
      <Category name={template.category} />
      {names.map((name) => (
        <div key={name}>
          <label htmlFor={`${id}-${name}`}>
            <Small>{t("chat.templates.value", { name: `{{${name}}}` })}</Small>
          </label>
          <Input
            id={`${id}-${name}`}
            required
            aria-invalid={tried && !values[name]?.trim()}
            value={values[name] ?? ""}
            onChange={(event) => setValues({ ...values, [name]: event.target.value.replace(/[\n\t]+/g, " ") })}
          />
        </div>
      ))}
      <Small id={`${id}-preview`}>{t("chat.templates.preview")}</Small>
      <Preview role="group" aria-labelledby={`${id}-preview`} data-preview>
        {unresolved(text).length ? <Marked text={text} /> : <Markup text={text} />}
      </Preview>
      {tried && missing.length > 0 && <Wrong role="alert">{t("chat.templates.missing")}</Wrong>}
      <Line style={{ justifyContent: "flex-end" }}>
        <Button size="small" isPrimary type="button" onClick={submit}>
          {t("chat.templates.send")}
        </Button>
      </Line>
    </Box>
  );
}
