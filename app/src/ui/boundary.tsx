import { Component, type ReactNode } from "react";
import { useSpeech } from "../i18n";
import { Fault } from "./fault";

function Failed({ again }: { again: () => void }) {
  const { t } = useSpeech();
  return <Fault text={t("error.page")} again={again} />;
}

/** Keeps a failure of what is within from taking the rest of the page away. It is drawn anew with another name, or when the agent asks. */
export class Boundary extends Component<{ name: string; children: ReactNode }, { failed: boolean; name: string }> {
  override state = { failed: false, name: this.props.name };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  static getDerivedStateFromProps(props: { name: string }, state: { name: string }) {
    return props.name === state.name ? null : { failed: false, name: props.name };
  }

  override render() {
    return this.state.failed ? <Failed again={() => this.setState({ failed: false })} /> : this.props.children;
  }
}
