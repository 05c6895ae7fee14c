import x from "@zendeskgarden/svg-icons/src/16/x-stroke.svg?raw";
import { useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { save } from "../ui/save";

const Back = styled.dialog`
  position: fixed;
  inset: 0;
  z-index: 600;
  display: grid;
  grid-template-rows: auto minmax(0, 1fr);
  width: 100vw;
  height: 100vh;
  max-width: none;
  max-height: none;
  margin: 0;
  padding: 8px;
  border: 0;
  box-sizing: border-box;
  background: rgb(0 0 0 / 88%);
  color: #fff;
  & > img {
    margin: auto;
    max-width: 100%;
    max-height: 100%;
    object-fit: contain;
  }
`;

const Bar = styled.div`
  display: flex;
  align-items: center;
  gap: 12px;
  padding-bottom: 8px;
  & > span {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  button {
    display: inline-flex;
    align-items: center;
    min-width: 32px;
    min-height: 32px;
    justify-content: center;
    padding: 0 8px;
    border: 1px solid #fff;
    border-radius: 6px;
    background: #000;
    color: #fff;
    font: inherit;
    cursor: pointer;
  }
  button:focus-visible {
    outline: 2px solid #fff;
    outline-offset: 2px;
  }
`;

/** A picture as large as the page; Esc closes it. */
export default function Lightbox({ url, name, alt, close }: { url: string; name: string; alt: string; close: () => void }) {
  const { t } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    dialog.current?.showModal?.();
    button.current?.focus();
  }, []);
  return createPortal(
    <Back
      ref={dialog}
      aria-label={t("chat.lightbox")}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") close();
      }}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <Bar>
        <span>{name}</span>
        <button type="button" onClick={() => save(url, name)}>
          {t("chat.file.download")}
        </button>
        <button type="button" ref={button} aria-label={t("common.close")} onClick={close}>
          <Icon svg={x} />
        </button>
      </Bar>
      <img src={url} alt={alt} />
    </Back>,
    document.body,
  );
}
