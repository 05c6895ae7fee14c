import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import { marked } from "./words";

const Variable = styled.mark`
  padding: 0 2px;
  border-radius: 3px;
  background: ${({ theme }) => getColor({ theme, variable: "background.warning" })};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.warningEmphasis" })};
  outline: 1px solid ${({ theme }) => getColor({ theme, variable: "border.warning" })};
`;

/** A text in which the variables without a value are marked. */
export function Marked({ text }: { text: string }) {
  return (
    <>
      {marked(text).map((one, i) => (one.variable ? <Variable key={i}>{one.text}</Variable> : <span key={i}>{one.text}</span>))}
    </>
  );
}
