import { styled } from "styled-components";

const Box = styled.span<{ $size: number }>`
  display: inline-flex;
  flex: none;
  width: ${(p) => p.$size}px;
  height: ${(p) => p.$size}px;
  & > svg {
    width: 100%;
    height: 100%;
  }
`;

/**
 * An icon of Garden's set, drawn in the colour of the text around it. svg is a file of the set, imported as
 * `import bell from "@zendeskgarden/svg-icons/src/16/bell-stroke.svg?raw"`. It says nothing by itself: words stand beside it, or are its button's label.
 */
export function Icon({ svg, size = 16 }: { svg: string; size?: number }) {
  return <Box aria-hidden="true" $size={size} dangerouslySetInnerHTML={{ __html: svg }} />;
}
